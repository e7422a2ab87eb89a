r"""What people write, and the tree a careful reader sees in it."""

from __future__ import annotations

import pytest

from tests.checker.reading.known import readings, usual

SUMS = [
    (r"\sum_{{j=1}\atop{j\ne k}}^n x_j", "(sum j | j != k from 1 to n: x_[j])"),
    (r"\sum_{\substack{j=1 \\ j\neq k}}^{n} x_j", "(sum j | j != k from 1 to n: x_[j])"),
    (r"\sum^{n}_{j=1} x_j", "(sum j from 1 to n: x_[j])"),
    (r"\sum\limits_{j=i+1}^{n-1} x_j", "(sum j from (+ i 1) to (+ n -1): x_[j])"),
    (r"\sum_{ijk} x_i", "(sum i,j,k: x_[i])"),
    (r"\sum_{(i,j)} A_{ij}", "(sum i,j: A_[i j])"),
    (r"\sum_{i,j=1}^n A_{ij}", "(sum i,j from 1 to n: A_[i j])"),
    (r"\sum_{i<j} A_{ij}", "(sum i,j | i < j: A_[i j])"),
    (r"\sum_{1\le i<j\le p} A_{ij}", "(sum i,j | i < j from 1 to p: A_[i j])"),
    (r"\sum_{j: j\neq i} x_j", "(sum j | j != i: x_[j])"),
    (r"\sum_{j: t_j = t_i} x_j", "(sum j | t_[j] = t_[i]: x_[j])"),
    (r"\sum_j^p x_j", "(sum j to p: x_[j])"),
    (r"\sum_{j=1} x_j", "(sum j from 1: x_[j])"),
    (r"\sum_{i\in\{1,\dots,p\}} x_i", "(sum i to p: x_[i])"),
    (r"\sum x", "(sum : x)"),
    (r"\sum_i x_i y_i + a", "(+ (sum i: (* x_[i] y_[i])) a)"),
    (r"a-\sum_i -x_i y_i", "(+ a -(sum i: -(* x_[i] y_[i])))"),
    (r"\sum_i\sum_j x_i A_{ij}/a", "(sum i: (sum j: (* x_[i] A_[i j] /a)))"),
    (r"\prod_{i} x_i", "(prod i: x_[i])"),
    (r"\max_{1\le j\le p} x_j", "(max j from 1 to p: x_[j])"),
    (r"\max(0, 1-a)", "max(0 (+ 1 -a))"),
    (r"\max\{0, a\}", "max(0 a)"),
    (r"[a-b]_+", "max(0 [(+ a -b)])"),
]
FUNCTIONS = [
    (r"\log p_i", "log(p_[i])"),
    (r"y_i\ln\frac{a}{b}+1", "(+ (* y_[i] log((a // b))) 1)"),
    (r"\log\sum_j\exp(x_j)", "log((sum j: exp(x_[j])))"),
    (r"\sin^2 x_i", "sin(x_[i])**2"),
    (r"\sin(a/2)^2", "sin((* a /2))**2"),
    (r"\cosh^{-1}\left(a\right)", "acosh(a)"),
    (r"\cos a\cos b\sin^2(c)", "(* cos(a) cos(b) sin(c)**2)"),
    (r"\sin 2a", "sin((* 2 a))"),
    (r"\log_2 a", "log_2(a)"),
    (r"\log_{10}(a)", "log_10(a)"),
    (r"2e^{-x_i^2}b", "(* 2 e**-x_[i]**2 b)"),
    (r"\exp\left\{-\frac{a}{2}\right\}", "exp(-(a // 2))"),
    (r"\exp -a", "exp(-a)"),
    (r"\sqrt[3]{a}b", "(* root_3(a) b)"),
    (r"\sqrt ab", "(* sqrt(a) b)"),
    (r"\log\det A", "log(det(A))"),
    (r"\log|A|", "log(|A|)"),
    (r"aTr(A^TB)", "(* a tr((* A' B)))"),
    (r"trace(A)", "tr(A)"),
    (r"\mathop{\rm tr} (A B)", "tr((* A B))"),
    (r"\operatorname{tr} A(B+I)", "tr((* A [(+ B I)]))"),
    (r"{\rm diag}(x)_{ij}", "diag(x)_[i j]"),
    (r"\operatorname{atan2}(a,b)", "atan2(a b)"),
    (r"h(x_i)y_i", "(* h(x_[i]) y_[i])"),
    (r"h'(x_i)", "prime_h(x_[i])"),
    (r"sum_i exp(-x_i) * sqrt(a)", "(sum i: (* exp(-x_[i]) *sqrt(a)))"),
]
DERIVATIVES = [
    (r"\frac{\partial a}{\partial x_i}", "(D x_[i]: a)"),
    (r"\frac\partial{\partial x_i}\frac 1n\sum_j x_j", "(D x_[i]: (* (1 // n) (sum j: x_[j])))"),
    (r"\frac{\partial}{\partial x_i}\left(a b\right) c", "(* (D x_[i]: [(* a b)]) c)"),
    (r"\frac{\partial x_i x_j}{\partial x_k}", "(D x_[k]: (* x_[i] x_[j]))"),
    (r"\frac{\sum_i x_i}{\partial x_j}", "(D x_[j]: (sum i: x_[i]))"),
    (r"\frac{\partial^2 a}{\partial x_i\partial x_j}", "(D x_[i] x_[j]: a)"),
    (r"\frac{\partial^2 a}{\partial x_i^2}", "(D x_[i] x_[i]: a)"),
    (r"\frac{\partial^2 a}{\partial x^{j^2}}", "(D x^[j] x^[j]: a)"),
    (r"\frac{\partial^2 a}{(\partial x^j)^2}", "(D x^[j] x^[j]: a)"),
    (r"\frac{{\rm d}}{{\rm d}x_i}a", "(D x_[i]: a)"),
    (r"\frac{d a}{db}", "(D b: a)"),
    (r"\frac{d^2a}{db^2}", "(D b b: a)"),
    (r"{\partial a\over\partial b}", "(D b: a)"),
    (r"\frac{\delta a}{\delta x_i}", "(D x_[i]: a)"),
    (r"\partial a/\partial x_i", "(D x_[i]: a)"),
    (r"\partial_{A_{ij}}\log\det A", "(D A_[i j]: log(det(A)))"),
    (r"\partial_i a", "(D x_[i]: a)"),
    (r"\partial_b a", "(D b: a)"),
    (r"\nabla_x(x^Ty)", "(nabla x: [(* x' y)])"),
    (r"\nabla (x^Ty)", "(nabla x: [(* x' y)])"),
    (r"\left.\frac{\partial a}{\partial b}\right|_{b=0}", "(evaluated (D b: a) b 0)"),
    (r"\frac{\partial a}{\partial b}\Big|_{b=0}", "(evaluated (D b: a) b 0)"),
    (r"\left[a b\right]_{b=0}", "(evaluated [(* a b)] b 0)"),
    (r"\mathrm{d}x", "(d x)"),
    (r"\partial A", "(d A)"),
]
DIFFERENTIALS = [
    (r"A\,dX\,y", "(* A (d X) y)"),
    (r"x^TdX", "(* x' (d X))"),
    (r"d(AA^T)", "(d [(* A A')])"),
    (r"dA^{-1}", "(d A**-1)"),
    (r"dX_{ij}B_{jk}", "(* (d X_[i j]) B_[j k])"),
    (r"d|A|", "(d |A|)"),
    (r"d\operatorname{tr}(AB)", "(d tr((* A B)))"),
    (r"d\log\det A", "(d log(det(A)))"),
]
SCRIPTS = [
    ("A_{ij}^{-1}", "A**-1_[i j]"),
    ("A^{-1}_{ij}", "A**-1_[i j]"),
    ("(A^{-1})_{ij}", "[A**-1]_[i j]"),
    ("X_{ij}^2", "X_[i j]**2"),
    ("x_i^2", "x_[i]**2"),
    ("A^T_{ij}", "A'_[i j]"),
    ("(AB+BA)_{ij}", "[(+ (* A B) (* B A))]_[i j]"),
    (r"\left[AB\right]_k", "[(* A B)]_[k]"),
    (r"\bar{e}_i^T", r"\bar{e}_[i]'"),
    (r"A^{-\top}", "A**-1'"),
    ("A^{1/2}", "A**(* 1 /2)"),
    (r"J_i^\mathrm T x", r"(* J_[i]' x)"),
    ("(AB)'", "[(* A B)]'"),
    ("x'y", "(* x' y)"),
    ("x^j", "x^[j]"),
    ("x^{(i)}", "x^[i]"),
    ("A^{i}_{j}", "A_[i j]"),
    ("A^i{}_j", "A_[i j]"),
    ("a^i", "a**i"),
    ("x^2", "x**2"),
    ("x^n", "x**n"),
    (r"\delta^i_j", "(delta i j)"),
    (r"\delta_{j1}", "(delta j 1)"),
    (r"\delta_{12}", "(delta 1 2)"),
    (r"\delta_{ijk}", "(iverson i = j j = k)"),
    ("A_{i,j}", "A_[i j]"),
    ("A[i,j]", "A_[i j]"),
    ("A_{12}", "A_[1 2]"),
    ("x_{12}", "x_[12]"),
    ("x_{i+1}", "x_[(+ i 1)]"),
    ("A_{i t_i}", "A_[i t_[i]]"),
    (r"X_{i\cdot}", "X_[i]"),
    ("X_{:,j}", "X'_[j]"),
    ("I_n", "I"),
    ("1^Tx", r"(* \mathtt{1}' x)"),
    (r"{\bf x}^\top\mathbf{A}\mathbf{x}", "(* x' A x)"),
]
PRODUCTS = [
    ("A:BX", "(frobenius A (* B X))"),
    (r"2\,I\circ(X^TX):X", "(frobenius (hadamard (* 2 I) [(* X' X)]) X)"),
    (r"x\odot y", "(hadamard x y)"),
    (r"x\otimes y", "(outer x y)"),
    (r"\langle x,y\rangle^2", "(inner x y)**2"),
    (r"\|A\|_F^2", "||A||_F**2"),
    (r"\|A\|^2_F", "||A||_F**2"),
    ("||x||||y||", "(* ||x|| ||y||)"),
    (r"|a+|b||", "|(+ a |b|)|"),
    (r"\left\|x\right\|_2", "||x||_2"),
    (r"\frac{1}{|x_i-x_j|}", "(1 // |(+ x_[i] -x_[j])|)"),
    (r"\frac 1N2a", "(* (1 // N) 2 a)"),
    (r"\frac1{2^2}", "(1 // 2**2)"),
    (r"{1\over 2}a", "(* (1 // 2) a)"),
    ("a/2b^2", "(* a /[(* 2 b**2)])"),
    (r"1/n\sum_i x_i", "(* 1 /n (sum i: x_[i]))"),
    ("1/2a", "(* 1 /2 a)"),
    ("a/n b", "(* a /n b)"),
    ("a/2(b+c)", "(* a /2 [(+ b c)])"),
    ("m^T*(A*x - y)", "(* m' *[(+ (* A *x) -y)])"),
    (r"a\cdot-b", "(* a .-b)"),
    (r"\underbrace{a+b}_{=c}\,c", "(+ a (* b c))"),
    (r"\color{red}{a}\Big(\!b\Big)\nonumber\label{x}", "(* a [b])"),
    (r"\boxed{a} \quad \text{(by symmetry)}", "a"),
    (r"&= a,\\", "a"),
    ("∂a/∂x_i", "(D x_[i]: a)"),
    ("∑_i x_i²", "(sum i: x_[i]**2)"),
]
CONDITIONS = [
    ("[i=j]", "(iverson i = j)"),
    (r"\left[i\neq j\right]", "(iverson i != j)"),
    (r"\mathbb 1_{i=j}", "(iverson i = j)"),
    (r"\mathbf 1[i=j]", "(iverson i = j)"),
    (r"1\{t_i = k\}", "(iverson t_[i] = k)"),
    (r"\begin{cases} x_i, & \text{if } i=j \\ 0, & \text{otherwise}\end{cases}", "(cases x_[i] if i = j; 0 if )"),
    (r"\left\{\begin{array}{ll} x_i & i=j\\ 0 & \text{else}\end{array}\right.", "(cases x_[i] if i = j; 0 if )"),
    (r"\begin{cases} a\qquad{\rm if}\;\;i=j=k \\ 0\qquad{\rm otherwise}\end{cases}", "(cases a if i = j, j = k; 0 if )"),
    (r"\begin{bmatrix} a & b \\ c & a \end{bmatrix}", "(matrix a b; c a)"),
    (r"\left(\begin{array}{c} a \\ b\end{array}\right)^T", "(matrix a; b)'"),
]
DEFINED = (r"p_i = x_i", r"J_i = \bar{e}_i", "m = x", "N = 2")


@pytest.mark.parametrize(("line", "tree"), [*SUMS, *FUNCTIONS, *DERIVATIVES, *SCRIPTS, *PRODUCTS, *CONDITIONS])
def test_usual_reading(line: str, tree: str) -> None:
    assert usual(line, *DEFINED) == tree


@pytest.mark.parametrize(("line", "tree"), DIFFERENTIALS)
def test_differentials(line: str, tree: str) -> None:
    """d is an extent of the case, too."""
    assert usual(line, layout="differential") == tree


@pytest.mark.parametrize(
    ("line", "others"),
    [
        (r"\frac{\partial}{\partial x_i}(a)b", ["(* (D x_[i]: [a]) b)", "(D x_[i]: (* [a] b))"]),
        (r"\frac{\partial}{\partial x_i}ab", ["(D x_[i]: (* a b))", "(* (D x_[i]: a) b)"]),
        (r"\log a b", ["log((* a b))", "(* log(a) b)"]),
        (r"\sin(a)^2", ["sin(a)**2", "sin([a]**2)"]),
        ("a/2b", ["(* a /[(* 2 b)])", "(* a /2 b)"]),
        ("A_{ij}^{-1}", ["A**-1_[i j]", "A_[i j]**-1"]),
        (r"\sum_{i\neq j} A_{ij}", ["(sum i | i != j: A_[i j])", "(sum i,j | i != j: A_[i j])"]),
        ("dx", ["(* d x)", "(d x)"]),
        ("A^i_j", ["A_[i j]", "A_[j i]"]),
        (
            r"\sum_i x_i^2-2ax_i+a^2",
            ["(+ (sum i: x_[i]**2) -(* 2 a x_[i]) a**2)", "(+ (sum i: (+ x_[i]**2 -(* 2 a x_[i]))) a**2)"],
        ),
        (r"\sum_i x_i + \sum_i y_i", ["(+ (sum i: x_[i]) (sum i: y_[i]))"]),
        (r"\operatorname{tr}(A-B)^T(A-B)", ["tr((* [(+ A -B)]' [(+ A -B)]))", "(* tr((+ A -B))' [(+ A -B)])"]),
        (r"2\sum_j(x_i-x_j)\delta_{ij}", [r"(* 2 (sum j: (* [(+ x_[i] -x_[j])] (delta i j))))"]),
    ],
)
def test_readings_in_order(line: str, others: list[str]) -> None:
    assert readings(line) == others
