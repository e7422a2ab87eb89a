"""Two spellings of one definition give one program."""

from __future__ import annotations

import pytest

from tensorderiv.language import read

SAME = {
    "subscript spellings": [
        "D_ij = sum_p (X_ip - X_jp)^2",
        "D_{ij} = sum_{p} (X_{i,p} - X_{j p})^2",
        "D[i,j] = sum_p (X[i,p] - X[j,p])**2",
    ],
    "latex": [
        "D_ij = sum_p (X_ip - X_jp)^2",
        r"D_{ij} = \sum_{p} \left( X_{ip} - X_{jp} \right)^2",
        r"$$D_{ij} = \sum\limits_p \bigl(X_{ip} - X_{jp}\bigr)^{2}.$$",
        r"\begin{align} D_{ij} &= \sum_{p} (X_{ip} \\ &\quad - X_{jp})^2 \end{align}",
        "D_ij = ∑_p (X_ip − X_jp)²",
    ],
    "upper bounds": [
        "tensor X[n,d]\nD_ij = sum_p (X_ip - X_jp)^2",
        r"D_ij = \sum_{p=1}^d (X_{ip} - X_{jp})^2",
        r"D_ij = \sum_{p=0}^{d-1} (X_{ip} - X_{jp})^2",
        r"D_ij = \sum^{d}_{p=1} (X_{ip} - X_{jp})^2",
        "D_ij = sum_{p=1}^{d} (X_ip - X_jp)^2",
    ],
    "norms": [
        "D_ij = sum_p (X_ip - X_jp)^2",
        "D_ij = |X_i - X_j|^2",
        "D_ij = ||X_i - X_j||^2",
        r"D_ij = \|X_i - X_j\|_2^2",
        r"D_ij = \|X_i - X_j\|^2_2",
        r"D_{ij} = \left\| X_i - X_j \right\|^2",
        r"D_{ij} = \lVert X_i - X_j \rVert_2^2",
    ],
    "columns": ["D_ij = sum_p (X_pi - X_pj)^2", "D_ij = |X_{:i} - X_{:j}|^2", r"D_ij = \|X_{\cdot i} - X_{\cdot j}\|^2"],
    "one-norm": ["D_ij = sum_p |X_ip - X_jp|", r"D_ij = \|X_i - X_j\|_1", "D_ij = sum_p abs(X_ip - X_jp)"],
    "max-norm": ["D_ij = max_p |X_ip - X_jp|", r"D_ij = \|X_i - X_j\|_\infty", r"D_ij = \max_p \left|X_{ip} - X_{jp}\right|"],
    "p-norm": ["scalar q\nD_ij = sum_p |X_ip - X_jp|^q", "scalar q\nD_ij = ||X_i - X_j||_q^q"],
    "dot products": [
        "S_ij = sum_p X_ip Y_jp",
        "S_ij = X_i . Y_j",
        "S_ij = X_i.Y_j",
        "S_ij = <X_i, Y_j>",
        r"S_ij = \langle X_i, Y_j \rangle",
        r"S_ij = X_i \cdot Y_j",
        r"S_ij = X_i^T Y_j",
        r"S_ij = X_i^\top Y_j",
        r"S_ij = X_i^{\mathsf T} Y_j",
        "S_ij = dot(X_i, Y_j)",
    ],
    "fractions": ["L = sum_i x_i / (2 n)", r"L = \sum_i \frac{x_i}{2 n}"],
    "halves": ["L = 1/2 sum_i x_i", r"L = \frac12 \sum_i x_i", r"L = \tfrac{1}{2}\sum_i x_i", "L = 0.5 sum_i x_i"],
    "roots": ["D_i = x_i^(1/3)", r"D_i = \sqrt[3]{x_i}"],
    "square root": ["D_i = sqrt(x_i + 1)", r"D_i = \sqrt{x_i + 1}"],
    "exponential": [
        "L = sum_i exp(-x_i^2)",
        r"L = \sum_i e^{-x_i^2}",
        r"L = \sum_i \exp\left(-x_i^2\right)",
        r"L = \sum_i \exp\{-x_i^2\}",
    ],
    "inverse functions": ["D_i = acos(x_i)", r"D_i = \cos^{-1}(x_i)", r"D_i = \arccos x_i", r"D_i = \operatorname{arccos}(x_i)"],
    "powers of functions": ["D_i = sin(x_i)^2", r"D_i = \sin^2 x_i", r"D_i = \sin^2(x_i)", r"D_i = \sin^{2}{x_i}"],
    "logarithms": ["D_i = log2(x_i)", r"D_i = \log_2 x_i", "D_i = log_2(x_i)"],
    "natural logarithm": ["D_i = log(x_i)", r"D_i = \ln x_i", r"D_i = \ln(x_i)"],
    "hinge": ["L = sum_i max(0, 1 - x_i)", r"L = \sum_i \max\{0, 1 - x_i\}", r"L = \sum_i \max\left\{0,\, 1 - x_i\right\}"],
    "pairs": [
        "L = sum_i sum_{j: j != i} |X_i - X_j|",
        "L = sum_i sum_{j != i} |X_i - X_j|",
        r"L = \sum_i \sum_{j \ne i} |X_i - X_j|",
        r"L = \sum_{i=1}^n \sum_{j=1, j\neq i}^n |X_i - X_j|",
        r"L = \sum_i \sum_{\substack{j=1 \\ j\neq i}}^{n} |X_i - X_j|",
    ],
    "ordered pairs": [
        "L = sum_{i,j: i < j} |X_i - X_j|",
        "L = sum_{i<j} |X_i - X_j|",
        r"L = \sum_{i \lt j} |X_i - X_j|",
        "L = sum_{i, j, i < j} |X_i - X_j|",
        "L = sum_{i,j | i < j} |X_i - X_j|",
    ],
    "labels": [
        "labels c[n]\nL = sum_a sum_{p: p != a and c[p] = c[a]} x[p]",
        r"labels c[n]" + "\n" + r"L = \sum_a \sum_{p : p \neq a \land c_p = c_a} x_p",
    ],
    "iverson": [
        "labels c[n]\nL = sum_ij [c_i = c_j] w_ij",
        r"labels c[n]" + "\n" + r"L = \sum_{i,j} \mathbb{1}[c_i = c_j] w_{ij}",
        r"labels c[n]" + "\n" + r"L = \sum_{i,j} \mathbf{1}_{c_i = c_j} w_{ij}",
        r"labels c[n]" + "\n" + r"L = \sum_{ij} \left[ c_i = c_j \right] w_{ij}",
    ],
    "cases": [
        "f_ij = if(i = j, x_i, 0)",
        r"f_{ij} = \begin{cases} x_i & \text{if } i = j \\ 0 & \text{otherwise} \end{cases}",
        r"f_{ij} = \begin{cases} x_i, & i = j, \\ 0, & \text{otherwise.} \end{cases}",
        r"f_{ij} = \begin{cases} x_i & \mbox{if}\; i = j \\ 0 & \text{else} \end{cases}",
    ],
    "gather": ["labels c[n]\nL = sum_a z[a,c[a]]", "labels c[n]\nL = sum_a z_{a c_a}", "labels c[n]\nL = sum_a z_{a,c_a}"],
    "where": [
        "N_i = sum_p X_ip^2\nL = sum_i sqrt(N_i)",
        "L = sum_i sqrt(N_i) where N_i = sum_p X_ip^2",
        "L = sum_i sqrt(N_i)\nwhere N_i = sum_p X_ip^2",
        "L = sum_i sqrt(N_i)\nwhere\n  N_i = sum_p X_ip^2",
        r"L = \sum_i \sqrt{N_i}, \quad \text{where } N_i = \sum_p X_{ip}^2.",
        "N_i = sum_p X_ip^2; L = sum_i sqrt(N_i)",
        "N_i = sum_p X_ip^2 \\\\ L = sum_i sqrt(N_i)",
    ],
    "where, several": [
        "N_i = sum_p X_ip^2\nM_i = sqrt(N_i)\nL = sum_i M_i",
        "L = sum_i M_i where N_i = sum_p X_ip^2, M_i = sqrt(N_i)",
        "L = sum_i M_i where M_i = sqrt(N_i) and N_i = sum_p X_ip^2",
        "L = sum_i M_i\nwhere M_i = sqrt(N_i)\nN_i = sum_p X_ip^2",
    ],
    "scripts in either order": ["L = sum_i x_i^2", r"L = \sum_i x^2_i", r"L = \sum_i x^{2}_{i}"],
    "decorations": ["L = sum_i (xbar - xhat_i)^2", r"L = \sum_i (\bar{x} - \hat{x}_i)^2", r"L = \sum_i (\bar x - \hat x_i)^2"],
    "means": ["L = 1/n sum_i x_i", "L = mean_i x_i"],
    "softmax": [
        "P_ij = exp(S_ij) / sum_k exp(S_ik)",
        "P_ij = softmax_j(S_ij)",
    ],
    "logsumexp": ["L_i = logsumexp_j S_ij", "L_i = logsumexp_j (S_ij)", r"L_i = \operatorname{logsumexp}_j S_{ij}"],
    "run-together": [r"L = \sum_i x_i y_i", r"L = \sum_ix_iy_i", r"L=\sum_{i}x_{i}y_{i}"],
    "primes and digits": ["D_{i1,j'} = X_{i1} Y_{j'}", "D_i1j' = X_i1 Y_j'"],
    "conditional": ["P_ji = exp(S_ij)", "P_{j|i} = exp(S_ij)"],
    "chain": [
        "D_ij = sum_p (X_ip - X_jp)^2",
        "D_ij = |X_i - X_j|^2 = sum_p (X_ip - X_jp)^2",
        "D_ij = |X_i - X_j|^2\n     = sum_p (X_ip - X_jp)^2",
    ],
    "continuation": [
        "L = sum_i (x_i + y_i)",
        "L = sum_i (x_i\n  + y_i)",
        "L =\n  sum_i (x_i + y_i)",
        "L = sum_i (x_i # a remark\n + y_i) % another",
    ],
    "quadratic form": ["D_ij = sum_q (sum_p (X_ip - X_jp) M_pq)(X_iq - X_jq)", "D_ij = (X_i - X_j)^T M (X_i - X_j)"],
    "frobenius": ["L = sum_{p,q} (X_pq - Y_pq)^2", r"L = \|X - Y\|_F^2"],
    "nested bars": ["D_ij = abs(abs(x_i) - abs(y_j))", "D_ij = ||x_i| - |y_j||", r"D_ij = \left| |x_i| - |y_j| \right|"],
    "functions of the text": ["L = sum_i log(1 + exp(-x_i))", "f(u) = log(1 + exp(-u))\nL = sum_i f(x_i)"],
    "positive part": [
        r"L = \sum_i max(0, 1 - x_i)",
        r"L = \sum_i [1 - x_i]_+",
        r"L = \sum_i (1 - x_i)_{+}",
        r"L = \sum_i \left[1 - x_i\right]_+",
    ],
    "membership": ["tensor X[n,d]\nL = sum_ip X_ip", r"X \in \mathbb{R}^{n \times d}" + "\nL = sum_ip X_ip"],
    "argument lists": ["L = sum_{i<j} |X_i - X_j|^2", r"\mathcal{L}(X) = \sum_{i<j} |X_i - X_j|^2"],
    "calls on rows": ["K = sum_ij exp(-|X_i - X_j|^2)", "k(u, v) = exp(-|u - v|^2)\nK = sum_ij k(X_i, X_j)"],
    "bounds by an index": ["L = sum_i sum_{j: j > i} w_ij", r"L = \sum_{i=1}^{n} \sum_{j=i+1}^{n} w_{ij}"],
}


@pytest.mark.parametrize("name", SAME)
def test_spellings(name: str) -> None:
    first, *others = SAME[name]
    expected = read(first)
    for other in others:
        found = read(other)
        assert [s.body for s in found.statements] == [s.body for s in expected.statements], other
        assert [s.indices for s in found.statements] == [s.indices for s in expected.statements], other
        assert [i.tensor for i in found.inputs] == [i.tensor for i in expected.inputs], other
