// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/AmxGemm.h"

#include "tests/backend/model/GradientCheck.h"
#include "tests/backend/model/NeedsTiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <thread>

namespace dubito::model {
namespace {

class AmxGemm : public NeedsTiles {};

/// A product of random numbers; rows of everything are a little apart.
struct Case {
    static constexpr std::int64_t kGap = 5;

    Case(ProductKind productKind, std::int64_t M, std::int64_t N, std::int64_t K)
        : kind(productKind)
        , a(kind == ProductKind::TransposedNormal ? numbers(left, K, M, 1) : numbers(left, M, K, 1))
        , b(kind == ProductKind::NormalTransposed ? numbers(right, N, K, 2) : numbers(right, K, N, 2))
        , room(static_cast<std::size_t>(M * (N + kGap)), 1.0F)
        , out(room.data(), M, N, N + kGap)
    {
    }

    static Matrix<const Bf16> numbers(std::vector<Bf16>& to, std::int64_t rows, std::int64_t columns, std::uint64_t seed)
    {
        for (const double value : randomNumbers(rows * (columns + kGap), seed)) {
            to.push_back(rounded(static_cast<float>(value)));
        }
        return { to.data(), rows, columns, columns + kGap };
    }

    double wanted(std::int64_t row, std::int64_t column, Into into) const
    {
        double sum = into == Into::Add ? 1 : 0;
        const std::int64_t K = kind == ProductKind::TransposedNormal ? a.rows : a.columns;
        for (std::int64_t k = 0; k < K; ++k) {
            const Bf16 x = kind == ProductKind::TransposedNormal ? a.row(k)[row] : a.row(row)[k];
            const Bf16 y = kind == ProductKind::NormalTransposed ? b.row(column)[k] : b.row(k)[column];
            sum += static_cast<double>(widened(x)) * static_cast<double>(widened(y));
        }
        return sum;
    }

    void expectRight(Into into)
    {
        std::ranges::fill(room, 1.0F);
        amxProduct(kind, out, a, b, into);
        for (std::int64_t r = 0; r < out.rows; ++r) {
            for (std::int64_t c = 0; c < out.stride; ++c) {
                const double value = c < out.columns ? wanted(r, c, into) : 1.0;
                ASSERT_NEAR(out.row(r)[c], value, 1e-3)
                    << out.rows << " x " << out.columns << ", row " << r << ", column " << c;
            }
        }
    }

    ProductKind kind;
    std::vector<Bf16> left;
    std::vector<Bf16> right;
    Matrix<const Bf16> a;
    Matrix<const Bf16> b;
    std::vector<float> room;
    Matrix<float> out;
};

constexpr std::array kKinds { ProductKind::NormalTransposed, ProductKind::NormalNormal, ProductKind::TransposedNormal };

TEST_F(AmxGemm, EveryShapeIsTheProductAndNothingBesideItIsTouched)
{
    struct Shape {
        std::int64_t M, N, K;
    };
    // One number; below, at and above a tile; several pieces of the packed operands; several layers of the sum.
    for (const Shape shape : { Shape { 1, 1, 1 }, { 16, 16, 32 }, { 33, 17, 45 }, { 47, 130, 700 }, { 515, 60, 33 },
             { 60, 1100, 600 }, { 1100, 24, 601 }, { 16, 40, 1500 } }) {
        for (const ProductKind kind : kKinds) {
            Case product(kind, shape.M, shape.N, shape.K);
            product.expectRight(Into::Overwrite);
            product.expectRight(Into::Add);
        }
    }
}

TEST_F(AmxGemm, SlicesGiveTheBitsOfTheWhole)
{
    Case whole(ProductKind::NormalTransposed, 100, 90, 700);
    amxProduct(whole.kind, whole.out, whole.a, whole.b, Into::Overwrite);
    Case sliced(ProductKind::NormalTransposed, 100, 90, 700);
    amxProduct(sliced.kind, sliced.out.rowsBetween(0, 37), sliced.a.rowsBetween(0, 37), sliced.b, Into::Overwrite);
    const auto rest = sliced.out.rowsBetween(37, 100);
    const auto left = sliced.a.rowsBetween(37, 100);
    amxProduct(sliced.kind, rest.columnsBetween(0, 50), left, sliced.b.rowsBetween(0, 50), Into::Overwrite);
    amxProduct(sliced.kind, rest.columnsBetween(50, 90), left, sliced.b.rowsBetween(50, 90), Into::Overwrite);
    EXPECT_EQ(whole.room, sliced.room);
}

TEST_F(AmxGemm, AThreadOfItsOwnMultipliesToo)
{
    Case product(ProductKind::NormalNormal, 40, 40, 40);
    std::thread([&] { product.expectRight(Into::Overwrite); }).join();
}

TEST_F(AmxGemm, ANumberThatIsLostIsSeenInItsRowAlone)
{
    Case product(ProductKind::NormalTransposed, 20, 20, 40);
    product.left[3 * static_cast<std::size_t>(product.a.stride)] = rounded(std::nanf(""));
    amxProduct(product.kind, product.out, product.a, product.b, Into::Overwrite);
    for (std::int64_t row = 0; row < 20; ++row) {
        EXPECT_EQ(std::isnan(product.out.row(row)[7]), row == 3);
    }
}

} // namespace
} // namespace dubito::model
