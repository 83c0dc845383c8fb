// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Gemm.h"

#include "tests/backend/model/GradientCheck.h"

#include <gtest/gtest.h>

namespace dubito::model {
namespace {

struct Shape {
    std::int64_t M;
    std::int64_t N;
    std::int64_t K;
};
/// One for the matrix library; one that runs by the processor's tiles where it has them (AmxGemm.h).
constexpr Shape kSmall { 37, 70, 45 };
constexpr Shape kLarge { 130, 150, 99 };

template <typename Scalar>
struct Operands {
    std::int64_t M;
    std::int64_t N;
    std::int64_t K;
    std::vector<Scalar> a {}; ///< (M, K)
    std::vector<Scalar> b {}; ///< (K, N)

    explicit Operands(const Shape& shape)
        : M(shape.M)
        , N(shape.N)
        , K(shape.K)
    {
        const auto left = randomNumbers(M * K, 1);
        const auto right = randomNumbers(K * N, 2);
        a.assign(left.begin(), left.end());
        b.assign(right.begin(), right.end());
    }

    double wanted(std::int64_t m, std::int64_t n) const
    {
        double sum = 0;
        for (std::int64_t k = 0; k < K; ++k) {
            sum += static_cast<double>(a[static_cast<std::size_t>(m * K + k)])
                * static_cast<double>(b[static_cast<std::size_t>(k * N + n)]);
        }
        return sum;
    }
};

template <typename Scalar>
std::vector<Scalar> transposed(const std::vector<Scalar>& from, std::int64_t rows, std::int64_t columns)
{
    std::vector<Scalar> to(from.size());
    for (std::int64_t r = 0; r < rows; ++r) {
        for (std::int64_t c = 0; c < columns; ++c) {
            to[static_cast<std::size_t>(c * rows + r)] = from[static_cast<std::size_t>(r * columns + c)];
        }
    }
    return to;
}

/// All three products into a part of a wider matrix, which holds 1 before.
template <typename Scalar>
void expectProducts(const Shape& shape, Into into)
{
    const Operands<Scalar> operands(shape);
    const auto [M, N, K] = shape;
    const auto at = transposed(operands.a, M, K);
    const auto bt = transposed(operands.b, K, N);
    for (int which = 0; which < 3; ++which) {
        std::vector<Scalar> room(static_cast<std::size_t>(M * (N + 5)), Scalar { 1 });
        const Matrix<Scalar> out(room.data(), M, N, N + 5);
        if (which == 0) {
            multiply<Scalar>(out, { operands.a.data(), M, K }, { operands.b.data(), K, N }, into);
        } else if (which == 1) {
            multiplyTransposed<Scalar>(out, { operands.a.data(), M, K }, { bt.data(), N, K }, into);
        } else {
            transposedMultiply<Scalar>(out, { at.data(), K, M }, { operands.b.data(), K, N }, into);
        }
        for (std::int64_t m = 0; m < M; ++m) {
            for (std::int64_t n = 0; n < N; ++n) {
                const double wanted = operands.wanted(m, n) + (into == Into::Add ? 1 : 0);
                ASSERT_NEAR(static_cast<double>(out.row(m)[n]), wanted, 1e-4) << which;
            }
            ASSERT_EQ(out.row(m)[N], Scalar { 1 }) << "written outside";
        }
    }
}

template <typename Scalar>
void expectBothShapes(Into into)
{
    expectProducts<Scalar>(kSmall, into);
    expectProducts<Scalar>(kLarge, into);
}

TEST(Gemm, OverwritesInFloat) { expectBothShapes<float>(Into::Overwrite); }
TEST(Gemm, AddsInFloat) { expectBothShapes<float>(Into::Add); }
TEST(Gemm, OverwritesInDouble) { expectBothShapes<double>(Into::Overwrite); }
TEST(Gemm, AddsInDouble) { expectBothShapes<double>(Into::Add); }

TEST(Gemm, ASumOverNothingIsZero)
{
    std::vector<float> out(6, 5.0F);
    multiply<float>({ out.data(), 2, 3 }, { nullptr, 2, 0 }, { nullptr, 0, 3 }, Into::Overwrite);
    EXPECT_EQ(out, std::vector<float>(6, 0.0F));
}

} // namespace
} // namespace dubito::model
