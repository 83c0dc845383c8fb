// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/AmxGemm.h"

#include "tests/backend/model/GradientCheck.h"
#include "tests/backend/model/NeedsTiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <thread>
#include <type_traits>
#include <vector>

namespace dubito::model {
namespace {

class AmxGemm : public NeedsTiles {};

double wide(Bf16 value) { return static_cast<double>(widened(value)); }
double wide(float value) { return static_cast<double>(value); }

/// A product of random numbers; rows of everything are a little apart.
template <typename Left, typename Right>
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

    template <typename T>
    static Matrix<const T> numbers(std::vector<T>& to, std::int64_t rows, std::int64_t columns, std::uint64_t seed)
    {
        for (const double value : randomNumbers(rows * (columns + kGap), seed)) {
            if constexpr (std::is_same_v<T, float>) {
                to.push_back(static_cast<float>(value));
            } else {
                to.push_back(rounded(static_cast<float>(value)));
            }
        }
        return { to.data(), rows, columns, columns + kGap };
    }

    double wanted(std::int64_t row, std::int64_t column, Into into) const
    {
        double sum = into == Into::Add ? 1 : 0;
        const std::int64_t K = kind == ProductKind::TransposedNormal ? a.rows : a.columns;
        for (std::int64_t k = 0; k < K; ++k) {
            const Left x = kind == ProductKind::TransposedNormal ? a.row(k)[row] : a.row(row)[k];
            const Right y = kind == ProductKind::NormalTransposed ? b.row(column)[k] : b.row(k)[column];
            sum += wide(x) * wide(y);
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
                ASSERT_NEAR(out.row(r)[c], value, 2e-4)
                    << out.rows << " x " << out.columns << ", row " << r << ", column " << c;
            }
        }
    }

    void compute() { amxProduct(kind, out, a, b, Into::Overwrite); }

    /// Of the whole result: the error's root mean square over that of the result itself.
    double relativeError() const
    {
        double errors = 0;
        double sizes = 0;
        for (std::int64_t r = 0; r < out.rows; ++r) {
            for (std::int64_t c = 0; c < out.columns; ++c) {
                const double value = wanted(r, c, Into::Overwrite);
                errors += std::pow(static_cast<double>(out.row(r)[c]) - value, 2);
                sizes += value * value;
            }
        }
        return std::sqrt(errors / sizes);
    }

    ProductKind kind;
    std::vector<Left> left;
    std::vector<Right> right;
    Matrix<const Left> a;
    Matrix<const Right> b;
    std::vector<float> room;
    Matrix<float> out;
};

using Narrow = Case<Bf16, Bf16>;
using Whole = Case<float, float>;

constexpr std::array kKinds { ProductKind::NormalTransposed, ProductKind::NormalNormal, ProductKind::TransposedNormal };

template <typename Product>
void expectEveryShapeRight()
{
    struct Shape {
        std::int64_t M, N, K;
    };
    // One number; below, at and above a tile; several pieces of the packed operands; several layers of the sum.
    for (const Shape shape : { Shape { 1, 1, 1 }, { 16, 16, 32 }, { 33, 17, 45 }, { 47, 130, 700 }, { 515, 60, 33 },
             { 60, 1100, 600 }, { 1100, 24, 601 }, { 16, 40, 1500 } }) {
        for (const ProductKind kind : kKinds) {
            Product product(kind, shape.M, shape.N, shape.K);
            product.expectRight(Into::Overwrite);
            product.expectRight(Into::Add);
        }
    }
}

TEST_F(AmxGemm, EveryShapeIsTheProductAndNothingBesideItIsTouched) { expectEveryShapeRight<Narrow>(); }
TEST_F(AmxGemm, EveryShapeOfFloatIsTheProductToo) { expectEveryShapeRight<Whole>(); }
TEST_F(AmxGemm, EveryShapeOfFloatAndBf16IsTheProductToo) { expectEveryShapeRight<Case<float, Bf16>>(); }

TEST_F(AmxGemm, AProductOfFloatsIsAsExactAsOneInFloat)
{
    // A sum in float32 from front to back is 6e-7 off here; one part less would be 5e-6, BF16 alone 3e-3.
    Whole product(ProductKind::NormalTransposed, 64, 64, 576);
    product.compute();
    EXPECT_LT(product.relativeError(), 3e-7);
    Case<float, Bf16> half(ProductKind::NormalNormal, 64, 64, 576);
    half.compute();
    EXPECT_LT(half.relativeError(), 3e-7);
}

TEST_F(AmxGemm, ALongSumIsAsExactAsAShortOne)
{
    // One accumulator for all of it would be 8e-7 off.
    Whole product(ProductKind::NormalNormal, 32, 32, 12800);
    product.compute();
    EXPECT_LT(product.relativeError(), 4e-7);
}

template <typename Product>
void expectSlicesGiveTheBitsOfTheWhole()
{
    Product whole(ProductKind::NormalTransposed, 100, 90, 700);
    whole.compute();
    Product sliced(ProductKind::NormalTransposed, 100, 90, 700);
    amxProduct(sliced.kind, sliced.out.rowsBetween(0, 37), sliced.a.rowsBetween(0, 37), sliced.b, Into::Overwrite);
    const auto rest = sliced.out.rowsBetween(37, 100);
    const auto left = sliced.a.rowsBetween(37, 100);
    amxProduct(sliced.kind, rest.columnsBetween(0, 50), left, sliced.b.rowsBetween(0, 50), Into::Overwrite);
    amxProduct(sliced.kind, rest.columnsBetween(50, 90), left, sliced.b.rowsBetween(50, 90), Into::Overwrite);
    EXPECT_EQ(whole.room, sliced.room);
}

TEST_F(AmxGemm, SlicesGiveTheBitsOfTheWhole) { expectSlicesGiveTheBitsOfTheWhole<Narrow>(); }
TEST_F(AmxGemm, SlicesOfFloatsGiveTheBitsOfTheWhole) { expectSlicesGiveTheBitsOfTheWhole<Whole>(); }

TEST_F(AmxGemm, AThreadOfItsOwnMultipliesToo)
{
    Narrow product(ProductKind::NormalNormal, 40, 40, 40);
    std::thread([&] { product.expectRight(Into::Overwrite); }).join();
}

TEST_F(AmxGemm, ANumberThatIsLostIsSeenInItsRowAlone)
{
    const auto expectSeen = [](auto product, auto lost) {
        product.left[3 * static_cast<std::size_t>(product.a.stride)] = lost;
        product.compute();
        for (std::int64_t row = 0; row < 20; ++row) {
            EXPECT_EQ(std::isnan(product.out.row(row)[7]), row == 3);
        }
    };
    expectSeen(Narrow(ProductKind::NormalTransposed, 20, 20, 40), rounded(std::nanf("")));
    expectSeen(Whole(ProductKind::NormalTransposed, 20, 20, 40), std::nanf(""));
}

TEST_F(AmxGemm, PaysForLargeResultsAlone)
{
    ASSERT_TRUE(amxServesFloat());
    EXPECT_TRUE(amxPays(512, 960, 576));
    EXPECT_TRUE(amxPays(64, 256, 64));
    EXPECT_FALSE(amxPays(512, 16, 576)) << "the adapter's narrow side: packing takes longer than the product";
    EXPECT_FALSE(amxPays(512, 576, 16)) << "half of each tile would be 0";
    EXPECT_FALSE(amxPays(1, 49152, 576)) << "one token at a time";
    EXPECT_FALSE(amxPays(0, 5, 5));
}

} // namespace
} // namespace dubito::model
