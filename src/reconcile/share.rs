//! Shares in per cent, with as many digits as say something.

/// Decimals beyond which two shares of counts differ no more than floating point does.
const MOST: usize = 12;

/// A share in per cent: two decimals, one from 10 % on and for nothing.
pub(super) fn percent(share: f64) -> String {
    in_digits(share, decimals(share))
}

/// A share and the limit that it is held against, with as many decimals as it takes to see which is greater: 98.96 % beside
/// 99.0 % must not read 99.0 %. Two that are the same read the same.
pub(super) fn beside(share: f64, limit: f64) -> [String; 2] {
    let (one, other) = (decimals(share), decimals(limit));
    let is_told = |decimals: &usize| in_digits(share, *decimals) != in_digits(limit, *decimals);
    if is_same(share, limit) || is_told(&one.min(other)) {
        return [percent(share), percent(limit)];
    }
    let enough = (one.max(other)..MOST).find(is_told).unwrap_or(MOST);
    [in_digits(share, enough), in_digits(limit, enough)]
}

fn is_same(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-15
}

fn decimals(share: f64) -> usize {
    let percent = share * 100.0;
    if percent == 0.0 || percent >= 10.0 { 1 } else { 2 }
}

fn in_digits(share: f64, decimals: usize) -> String {
    format!("{:.decimals$} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn what_is_less_never_reads_as_if_it_were_not() {
        for (share, limit, shown) in [
            (0.06, 0.01, ["6.00 %", "1.00 %"]),
            (3.0 / 50.0, 0.5, ["6.00 %", "50.0 %"]),
            (0.009_96, 0.01, ["0.996 %", "1.000 %"]),
            (0.989_6, 0.99, ["98.96 %", "99.00 %"]),
            (0.99 - 1e-7, 0.99, ["98.99999 %", "99.00000 %"]),
            (0.099_96, 0.1, ["9.996 %", "10.000 %"]),
            (0.01, 0.01, ["1.00 %", "1.00 %"]),
            (0.0, 0.01, ["0.0 %", "1.00 %"]),
            (0.000_01, 0.0, ["0.001 %", "0.000 %"]),
        ] {
            assert_eq!(beside(share, limit), shown, "{share} beside {limit}");
        }
    }
}
