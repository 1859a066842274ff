#!/usr/bin/env python3
"""Writes delta.csv, zcdp.csv, threshold.csv, group.csv, power.csv and odds.csv: reference values for package account's tests.

Run it in this folder: python3 tables.py. It needs the standard library only and takes a minute or two. Every
number is computed in `decimal` with PREC digits, far more than the digits that cancel (the smallest probability
met on the way is about 1e-240), straight from the textbook formulas: no erfc, no scaling, no shared code
with the package. Inputs are short decimals, read back by the tests as the nearest float64; outputs have 20
significant digits.
"""
import csv
import statistics
from decimal import Decimal as D, getcontext

PREC = 420
getcontext().prec = PREC


def arctan_inverse(n):
    """arctan(1/n) by its Taylor series."""
    total, term, k = D(0), D(1) / n, 0
    while abs(term) > D(10) ** -(PREC + 5):
        total += term / (2 * k + 1) * (-1) ** k
        term /= n * n
        k += 1
    return total


PI = 4 * (4 * arctan_inverse(5) - arctan_inverse(239))
ROOT = (2 * PI).sqrt()


def Phi(x):
    """The standard normal distribution function: 1/2 + φ(x)·(x + x³/3 + x⁵/(3·5) + …)."""
    term, total, k = x, D(0), 1
    smallest = D(10) ** -(getcontext().prec + 5)
    while abs(term) > smallest:
        total += term
        k += 2
        term *= x * x / k
    return D(1) / 2 + (-x * x / 2).exp() / ROOT * total


def delta(mu, eps):
    return Phi(mu / 2 - eps / mu) - eps.exp() * Phi(-mu / 2 - eps / mu)


def short(x, digits):
    return D(f"{x:.{digits}g}")


def near(f, target, lo, hi, digits=5):
    """An x with few digits at which the increasing f is close to target."""
    while hi / lo > D("1.0001"):
        mid = (lo * hi).sqrt()
        lo, hi = (mid, hi) if f(mid) < target else (lo, mid)
    return short(lo, digits)


def write(name, header, rows):
    with open(name, "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(header)
        out.writerows([str(c) if i < len(r) - 1 else f"{c:.19e}" for i, c in enumerate(r)] for r in rows)


def float_inputs(*xs):
    """What the tests compute with: the float64 nearest to each input, exactly."""
    return [D(float(x)) for x in xs]


def delta_rows():
    getcontext().prec = 60  # enough to find where to look
    wanted = []
    for eps in map(D, ["0.001", "0.01", "0.1", "0.5", "1", "2", "5", "10", "20", "50"]):
        for target in map(D, ["1e-15", "1e-12", "1e-9", "1e-6", "1e-5", "0.001", "0.03", "0.1"]):
            wanted.append((near(lambda m: delta(m, eps), target, eps / 30, D(40)), eps))
    wanted += [(D(m), D(e)) for m, e in [
        ("1", "0"), ("0.001", "0"), ("1e-8", "0"), ("3", "0"), ("12", "0"), ("1", "0.5"), ("4", "1"),
        ("0.2", "0.01"), ("0.05", "1"), ("0.03", "0.9"), ("20", "200"), ("25", "400"), ("1e-9", "1e-9")]]
    getcontext().prec = PREC
    for mu, eps in wanted:
        d = delta(*float_inputs(mu, eps))
        assert 0 < d < 1, "PREC digits were not enough"
        yield mu, eps, d


def zcdp_epsilon(rho, d):
    """Prop. 12 of Canonne, Kamath & Steinke, minimised over ln(α − 1) by ternary search."""
    def f(t):
        alpha = 1 + t.exp()
        return alpha * rho + (-d.ln() + (alpha - 1) * (1 - 1 / alpha).ln() - alpha.ln()) / (alpha - 1)
    lo, hi = D(-40), D(40)
    while hi - lo > D("1e-25"):
        a, b = lo + (hi - lo) / 3, hi - (hi - lo) / 3
        lo, hi = (lo, b) if f(a) < f(b) else (a, hi)
    return max(f(lo), D(0))


def zcdp_rows():
    getcontext().prec = 80
    for rho in map(D, ["1e-8", "1e-5", "0.001", "0.01", "0.1", "0.5", "1", "2.56", "10", "100"]):
        for d in map(D, ["1e-15", "1e-10", "1e-6", "1e-5", "0.001", "0.1"]):
            yield rho, d, zcdp_epsilon(*float_inputs(rho, d))
    getcontext().prec = PREC


def threshold_rows():
    for sigma, linf in [("1", "1"), ("3.7306", "1"), ("12.5", "5"), ("1000", "1"), ("0.01", "100")]:
        for keys in [1, 2, 50, 1000000]:
            for z in ["-1", "0", "2", "4.5", "5.5", "7", "8.5", "11", "30"]:
                t = short(D(linf) + D(z) * D(sigma), 12)
                s, l, tt = float_inputs(sigma, linf, t)
                yield sigma, linf, keys, t, 1 - Phi((tt - l) / s) ** keys


def Phi_inverse(p):
    """Newton's method on Phi, from the float64 answer."""
    x = D(statistics.NormalDist().inv_cdf(float(p)))
    for _ in range(9):  # each doubles the digits
        x -= (Phi(x) - p) * ROOT * (x * x / 2).exp()
    assert abs(Phi(x) / p - 1) < D("1e-60"), "Newton did not arrive"
    return x


MUS = ["0.001", "0.05", "0.3", "1", "2.5", "6"]


def group_rows():
    """δₖ = Σ_{j<k} Φ(Φ⁻¹(δ) + j·μ), capped at 1."""
    getcontext().prec = 160
    for mu in MUS:
        for d in ["1e-12", "1e-7", "2.5e-7", "0.001"]:
            m, dd = float_inputs(mu, d)
            z = Phi_inverse(dd)
            for k in [1, 2, 5, 8, 50]:
                yield mu, d, k, min(D(1), sum(Phi(z + j * m) if z + j * m < 25 else D(1) for j in range(k)))
    getcontext().prec = PREC


def power_rows():
    """Φ(Φ⁻¹(α) + μ) + δ, capped at 1."""
    getcontext().prec = 160
    for mu in MUS:
        for d in ["0", "2.5e-7", "0.001"]:
            for alpha in ["1e-9", "0.0001", "0.001", "0.01", "0.05", "0.5", "0.9"]:
                m, dd, a = float_inputs(mu, d, alpha)
                yield mu, d, alpha, min(D(1), Phi(Phi_inverse(a) + m) + dd)
    getcontext().prec = PREC


def odds_rows():
    """ln η − ln Φ(Φ⁻¹(η − δ) − μ)."""
    getcontext().prec = 160
    for mu in MUS:
        for d in ["0", "2.5e-7", "0.0001"]:
            for eta in ["0.000001", "0.001", "0.01", "0.05", "0.5"]:
                m, dd, e = float_inputs(mu, d, eta)
                if dd < e:
                    yield mu, d, eta, e.ln() - Phi(Phi_inverse(e - dd) - m).ln()
    getcontext().prec = PREC


if __name__ == "__main__":
    write("delta.csv", ["mu", "epsilon", "delta"], delta_rows())
    write("zcdp.csv", ["rho", "delta", "epsilon"], zcdp_rows())
    write("threshold.csv", ["sigma", "linf", "keys", "threshold", "delta"], threshold_rows())
    write("group.csv", ["mu", "delta", "k", "group_delta"], group_rows())
    write("power.csv", ["mu", "delta", "alpha", "power"], power_rows())
    write("odds.csv", ["mu", "delta", "failing", "epsilon"], odds_rows())
