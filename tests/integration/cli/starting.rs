//! `init`: what it writes can be checked as it is, and nothing that is there is written over.

use super::Desk;

/// Everything by flags: standard input of these tests is no terminal.
const FLAGS: [&[&str]; 5] = [
    &[],
    &["--name", "acme", "--auth", "none", "--issuer", "https://api.acme.example.org/v1"],
    &["--auth", "basic", "--edi", "./out bound", "--state", "tx", "--plan", "54321TX0020001"],
    &["--auth", "oauth2", "--production", "--issuer", "http://[::1]:9/x"],
    &["--dir", "sub", "--edi", "out", "--issuer", "https://api.acme.example.org"],
];

#[test]
fn what_init_writes_passes_check_and_says_what_comes_next() {
    for flags in FLAGS {
        let desk = Desk::new();
        std::fs::create_dir(desk.path("sub")).expect("a folder");
        let mut words = vec!["init", "--exchange", "https://exchange.example.org:8443/api"];
        words.extend(flags);
        let told = desk.johndoe(&words);
        told.ends(0, &[]);
        let wrote = told.out.lines().next().expect("a line").to_owned();
        let [target, scenario] = ["wrote ", ") and "].map(|before| {
            let (_, rest) = wrote.split_once(before).expect("a file's name");
            rest.split(' ').next().expect("a word").to_owned()
        });
        assert!(told.out.contains(&format!("johndoe try {target}")), "{}", told.out);
        desk.johndoe(&["check", &scenario, &target]).ends(0, &[]);
        let text = std::fs::read_to_string(desk.path(&target)).expect("the target");
        assert!(!text.contains('%') || text.contains("%m/%d/%Y"), "{text}");
        assert!(text.contains("YOURS") && text.contains("# "), "{text}");
    }
}

#[test]
fn init_writes_over_nothing_and_says_what_is_wrong_before_it_writes() {
    let desk = Desk::new();
    let init = |more: &[&str]| {
        let mut words = vec!["init", "--exchange", "https://exchange.example.org"];
        words.extend(more);
        desk.johndoe(&words)
    };
    desk.write("first.yaml", "mine");
    init(&[]).ends(2, &["there is a `", "first.yaml", "left as it is"]);
    assert_eq!(std::fs::read_to_string(desk.path("first.yaml")).expect("it"), "mine");
    assert!(!desk.path("my-exchange.yaml").exists(), "all or nothing");
    std::fs::remove_file(desk.path("first.yaml")).expect("to remove it");
    init(&["--name", "../x"]).ends(2, &["cannot be the target's name"]);
    init(&["--plan", "none"]).ends(2, &["plan_id"]);
    init(&["--state", "ZZ"]).ends(2, &["ZZ"]);
    init(&["--issuer", "nowhere"]).ends(2, &["nowhere"]);
    assert!(!desk.path("my-exchange.yaml").exists() && !desk.path("first.yaml").exists(), "nothing wrong is written");
    desk.johndoe(&["init"]).ends(2, &["standard input is no terminal", "--exchange"]);
    init(&[]).ends(0, &[]);
    init(&["--name", "other"]).ends(2, &["first.yaml"]);
}
