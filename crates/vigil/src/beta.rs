//! The regularised incomplete beta function, and its inverse (Press and others, Numerical Recipes, 6.4): what exact bounds of a rate are
//! made of, here and in the reports of `johndoe`.

/// Share of a Beta(`a`, `b`) distribution below `x`, for `a`, `b` > 0 and `x` from 0 to 1.
pub fn below(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    // the continued fraction converges fast only on this side of the mean
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

/// The `x` that has `share` of a Beta(`a`, `b`) distribution below it.
pub fn quantile(share: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if below(middle, a, b) < share { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Lentz's continued fraction of the incomplete beta function.
#[expect(clippy::many_single_char_names, reason = "the letters of the published recurrence")]
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut sum = d;
    for step in 1..20_000_u32 {
        let m = f64::from(step);
        for term in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / guard(1.0 + term * d);
            c = guard(1.0 + term / c);
            sum *= d * c;
        }
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    sum
}

/// Logarithm of the gamma function for `x` > 0 (Lanczos, g = 7, nine terms).
pub fn ln_gamma(x: f64) -> f64 {
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let base = x + 7.5;
    let mut sum = 0.999_999_999_999_809_9;
    let mut at = x;
    for term in TERMS {
        at += 1.0;
        sum += term / at;
    }
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * base.ln() - base + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::{below, ln_gamma, quantile};

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} for {expected}");
    }

    #[test]
    fn known_values_of_the_incomplete_beta_function() {
        for (x, a, b, share) in [(0.5, 2.0, 2.0, 0.5), (0.2, 1.0, 1.0, 0.2), (0.3, 1.0, 5.0, 1.0 - 0.7_f64.powi(5))] {
            assert!((below(x, a, b) - share).abs() < 1e-12, "{x} {a} {b}");
            assert!((quantile(share, a, b) - x).abs() < 1e-12, "{x} {a} {b}");
        }
    }

    #[test]
    fn gamma_is_the_factorial() {
        near(ln_gamma(1.0), 0.0);
        near(ln_gamma(11.0), 3_628_800f64.ln());
        near(ln_gamma(0.5 + 1.0), (std::f64::consts::PI.sqrt() / 2.0).ln());
    }
}
