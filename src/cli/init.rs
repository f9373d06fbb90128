//! `init`: a target and a scenario to begin with, after a few questions or by flags. Reaches nothing, and writes over nothing.

use super::console::{print, tell};
use super::context::World;
use super::exit::Exit;
use super::failure::Failure;
use super::files::{Source, references};
use super::flags::{AuthKind, Init, People};
use std::fmt::Write as _;
use std::io::{BufRead, Write as _};
use std::path::{Path, PathBuf};

const TARGET: &str = include_str!("init_target.yaml");
const SCENARIO: &str = include_str!("init_scenario.yaml");
/// Where nobody says anything else.
const PLAN: &str = "12345VA0010001";
const STATE: &str = "VA";

/// What is to be written down.
struct Answers {
    name: String,
    exchange: String,
    auth: AuthKind,
    folder: String,
    issuer: String,
    plan: String,
    state: String,
}

/// Writes both files.
pub(crate) fn init(asked: &Init, world: &World) -> Result<Exit, Failure> {
    let answers = answers(asked, world)?;
    let folder = world.folder.join(&asked.folder);
    let [target_at, scenario_at] =
        [format!("{}.yaml", answers.name), "first.yaml".to_owned()].map(|name| folder.join(name));
    let (target, scenario) = (target(&answers, asked.production), SCENARIO.replace("STATE", &answers.state));
    check((&target_at, &target), (&scenario_at, &scenario), world)?;
    for path in [&target_at, &scenario_at] {
        if path.symlink_metadata().is_ok() {
            return Err(taken(path));
        }
    }
    write(&target_at, &target)?;
    write(&scenario_at, &scenario)?;
    let (target, scenario) = (shown(&target_at, world), shown(&scenario_at, world));
    print(&next(&answers, (&target, &scenario), asked.production))?;
    Ok(Exit::Done)
}

fn next(answers: &Answers, (target, scenario): (&str, &str), production: bool) -> String {
    let secrets = match answers.auth {
        AuthKind::None => String::new(),
        AuthKind::Bearer => "  set EXCHANGE_TOKEN in the environment\n".to_owned(),
        AuthKind::Basic => "  set EXCHANGE_USER and EXCHANGE_PASSWORD in the environment\n".to_owned(),
        AuthKind::Oauth2 => "  set EXCHANGE_CLIENT_ID and EXCHANGE_CLIENT_SECRET in the environment\n".to_owned(),
    };
    let confirm = if production { format!(" --confirm {}", answers.name) } else { String::new() };
    format!(
        "wrote {target} (a target: where) and {scenario} (a scenario: what)\nnext:\n{secrets}  \
         put your exchange's paths and names in place of those marked YOURS in {target}\n  \
         johndoe check {scenario} {target}          every mistake at its place; reaches nothing\n  \
         johndoe try {target}{confirm} --step 1       the first request, and what its answer holds\n  \
         johndoe try {target}{confirm}                one household in, looked for, and out again\n  \
         johndoe run {scenario} --target {target}{confirm} --count 1"
    )
}

/// Where nobody can be asked, the flags say all.
fn answers(asked: &Init, world: &World) -> Result<Answers, Failure> {
    let questions = Questions { is_asked: world.input_is_terminal && asked.exchange.is_none() };
    if asked.exchange.is_none() && !questions.is_asked {
        return Err(Failure::usage(
            "nobody can be asked where standard input is no terminal; say at least where the exchange is: \
             johndoe init --exchange https://exchange.example.org/api",
        ));
    }
    let name = questions.ask("What is the target to be called?", asked.name.as_deref(), "my-exchange")?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(is_name) || name == "first" {
        return Err(Failure::usage(format!(
            "`{name}` cannot be the target's name, which is its file's, too; expected letters, digits, `-` and `_`, and not `first`"
        )));
    }
    let exchange = questions.ask(
        "Where is the exchange's API? (address)",
        asked.exchange.as_deref(),
        "http://127.0.0.1:8340/api",
    )?;
    let auth = asked.auth.map_or_else(|| auth_kind(&questions), Ok)?;
    let folder =
        questions.ask("In which folder do its 834 files appear? (empty: none)", asked.folder_834.as_deref(), "")?;
    let issuer = questions.ask("Where is an issuer's API? (address; empty: none)", asked.issuer.as_deref(), "")?;
    let plan = questions.ask("Which plan can be chosen? (its HIOS id)", asked.plan.as_deref(), PLAN)?;
    let state = questions.ask("In which state?", asked.state.as_deref(), STATE)?;
    Ok(Answers { name, exchange, auth, folder, issuer, plan, state: state.to_uppercase() })
}

/// Asks until the answer is one.
fn auth_kind(questions: &Questions) -> Result<AuthKind, Failure> {
    loop {
        let answer = questions.ask("How does it let you in? (none, bearer, basic, oauth2)", None, "bearer")?;
        match AuthKind::parse(&answer) {
            Err(failure) if questions.is_asked => tell(failure.text()),
            parsed => return parsed,
        }
    }
}

/// Asks at the terminal, or nobody.
struct Questions {
    is_asked: bool,
}

impl Questions {
    /// What was typed as a flag; else what is answered; else what is usual.
    fn ask(&self, question: &str, flag: Option<&str>, usual: &str) -> Result<String, Failure> {
        if let Some(flag) = flag {
            return Ok(flag.trim().to_owned());
        }
        if !self.is_asked {
            return Ok(usual.to_owned());
        }
        let hint = if usual.is_empty() { String::new() } else { format!(" [{usual}]") };
        tell(&format!("{question}{hint}"));
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        match read.map_err(|e| Failure::usage(format!("no answer could be read: {e}")))? {
            0 => Err(Failure::usage("the questions were not answered to the end; nothing was written")),
            _ if line.trim().is_empty() => Ok(usual.to_owned()),
            _ => Ok(line.trim().to_owned()),
        }
    }
}

/// The target's text. What was answered stands in it as a quoted text, whatever it holds.
fn target(answers: &Answers, production: bool) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let host = |address: &str| {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        let port_less = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
        port_less.map_or(host, |(host, _)| host).trim_matches(['[', ']']).to_owned()
    };
    let mut hosts: Vec<String> =
        [&answers.exchange, &answers.issuer].into_iter().filter(|a| !a.is_empty()).map(|a| quoted(&host(a))).collect();
    hosts.dedup();
    let mut text = TARGET.to_owned();
    for (mark, with) in [
        ("%NAME%", quoted(&answers.name)),
        ("%ENVIRONMENT%", if production { "production" } else { "test" }.to_owned()),
        ("%EXCHANGE%", quoted(&answers.exchange)),
        ("%AUTH%\n", auth(answers)),
        ("%WAYPOINTS%\n", waypoints(answers, &quoted)),
        ("%WINDOWS%\n", windows(answers)),
        ("%PLAN%", quoted(&answers.plan)),
        ("%STATE%", quoted(&answers.state)),
        ("%HOSTS%", hosts.join(", ")),
    ] {
        text = text.replace(mark, &with);
    }
    text
}

/// Secrets stay outside. The value behind `:-` stands in until the variable is set.
fn auth(answers: &Answers) -> String {
    let said = match answers.auth {
        AuthKind::None => return "  # auth: {bearer: \"${env:EXCHANGE_TOKEN}\"}\n".to_owned(),
        AuthKind::Bearer => "  auth: {bearer: \"${env:EXCHANGE_TOKEN:-not-set}\"}\n".to_owned(),
        AuthKind::Basic => {
            "  auth: {basic: {user: \"${env:EXCHANGE_USER:-not-set}\", password: \"${env:EXCHANGE_PASSWORD:-not-set}\"}}\n".to_owned()
        }
        AuthKind::Oauth2 => {
            let base = serde_json::Value::from(format!("{}/oauth/token", answers.exchange.trim_end_matches('/')));
            format!(
                "  auth:\n    oauth2:\n      token_url: {base}   # YOURS\n      client_id: \"${{env:EXCHANGE_CLIENT_ID:-not-set}}\"\n      \
                 client_secret: \"${{env:EXCHANGE_CLIENT_SECRET:-not-set}}\"\n"
            )
        }
    };
    format!(
        "  # Secrets stay outside this file. Take `:-not-set` away once the variable is set: then it is missed where it is not.\n{said}"
    )
}

fn waypoints(answers: &Answers, quoted: &dyn Fn(&str) -> String) -> String {
    let mut text = String::new();
    if !answers.folder.is_empty() {
        let path = quoted(&answers.folder);
        text.push_str("  # The exchange's own 834 files.\n");
        let _ = writeln!(text, "  - {{name: edi_834, feed: edi_folder, path: {path}, within: 1 window}}");
    }
    let (name, base, what) = if answers.issuer.is_empty() {
        ("exchange", &answers.exchange, "The exchange's own view. Add the issuers' where you may ask them.")
    } else {
        ("issuer", &answers.issuer, "An issuer's own records.")
    };
    let auth = if answers.issuer.is_empty() {
        let said = auth(answers);
        let lines: Vec<String> =
            said.lines().filter(|line| !line.trim_start().starts_with('#')).map(|line| format!("  {line}")).collect();
        lines.join("\n") + "\n"
    } else {
        "    # auth: {bearer: \"${env:ISSUER_TOKEN}\"}\n".to_owned()
    };
    let _ = write!(
        text,
        "  # {what} `johndoe try` shows what stands where in its answers.\n  - name: {name}\n    feed: json_api\n    within: 15m\n    \
         base_url: {}\n{auth}    lookup: {{get: \"/applications/{{{{ application_id }}}}\"}}   # YOURS: ask by an id that the exchange tells\n    \
         records: $                                            # YOURS: each one household, as $.items[*]\n    \
         members: $.members[*]                                 # YOURS: without this line each record is one member\n    \
         fields:                                               # YOURS: `johndoe fields` lists what can be read\n      \
         application_id: $.id\n      last_name: $.name.last\n      first_name: $.name.first\n      \
         birth_date: $.birthDate                             # or {{path: $.birthDate, date: \"%m/%d/%Y\"}}\n",
        quoted(base)
    );
    text
}

fn windows(answers: &Answers) -> String {
    if answers.folder.is_empty() {
        return String::new();
    }
    "# When files come: clock times in the exchange's zone, or {every: 10m, grace: 2m}.\nwindows: {edi_834: [\"06:00\", \"18:00\"]}   # YOURS\n\n"
        .to_owned()
}

/// What is written can be read: a wrong address or plan is told before there is a file.
fn check(
    (target_at, target): (&Path, &str),
    (scenario_at, scenario): (&Path, &str),
    world: &World,
) -> Result<(), Failure> {
    let source = |path: &Path, text: &str| Source { name: shown(path, world), text: text.to_owned() };
    let target = source(target_at, target).target(&references(world))?;
    let scenario = source(scenario_at, scenario).scenario(&People::default())?;
    johndoe::prober::check_fit(&scenario, &target)?;
    Ok(())
}

fn write(path: &PathBuf, text: &str) -> Result<(), Failure> {
    let cannot = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::AlreadyExists => taken(path),
        _ => Failure::usage(format!("cannot write `{}`: {e}", path.display())),
    };
    let mut file = std::fs::File::create_new(path).map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)
}

fn taken(path: &Path) -> Failure {
    Failure::usage(format!(
        "there is a `{}` already, and it is left as it is; choose another --name or --dir, or move it away",
        path.display()
    ))
}

/// A path as it may be typed where the program was started.
fn shown(path: &Path, world: &World) -> String {
    path.strip_prefix(&world.folder).unwrap_or(path).display().to_string()
}
