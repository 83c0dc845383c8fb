// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Bf16Gemm.h"

#include "tests/backend/model/GradientCheck.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace dubito::model {
namespace {

/// Random numbers that BF16 holds, as both types.
struct Numbers2 {
    Numbers2(std::int64_t rowCount, std::int64_t columnCount, std::uint64_t seed)
        : rows(rowCount)
        , columns(columnCount)
    {
        for (const double value : randomNumbers(rows * columns, seed)) {
            narrow.push_back(rounded(static_cast<float>(value)));
            wide.push_back(widened(narrow.back()));
        }
    }

    Matrix<const Bf16> narrowMatrix() const { return { narrow.data(), rows, columns }; }
    Matrix<const float> wideMatrix() const { return { wide.data(), rows, columns }; }

    std::int64_t rows;
    std::int64_t columns;
    std::vector<Bf16> narrow;
    std::vector<float> wide;
};

/// A result in the middle of a wider matrix, which holds 1 everywhere before.
struct Result2 {
    Result2(std::int64_t rows, std::int64_t columns)
        : room(static_cast<std::size_t>(rows * (columns + 3)), 1.0F)
        , matrix(room.data(), rows, columns, columns + 3)
    {
    }

    std::vector<float> room;
    Matrix<float> matrix;
};

void expectClose(const Result2& found, const Result2& wanted)
{
    for (std::size_t i = 0; i < found.room.size(); ++i) {
        ASSERT_NEAR(found.room[i], wanted.room[i], 1e-3) << i;
    }
}

/// How one side of a product reads its numbers.
Matrix<const Bf16> asNarrow(const Numbers2& numbers) { return numbers.narrowMatrix(); }
Matrix<const float> asWide(const Numbers2& numbers) { return numbers.wideMatrix(); }

/// in · weightᵀ and dOut · weight, with the weight in BF16, are what they are in float.
template <typename T>
void expectBothWays(
    const Numbers2& in, const Numbers2& dOut, const Numbers2& weight, Into into, Matrix<const T> (&left)(const Numbers2&))
{
    Result2 found(in.rows, weight.rows);
    Result2 wanted(in.rows, weight.rows);
    multiplyTransposed(found.matrix, left(in), weight.narrowMatrix(), into);
    multiplyTransposed<float>(wanted.matrix, in.wideMatrix(), weight.wideMatrix(), into);
    expectClose(found, wanted);
    Result2 back(in.rows, weight.columns);
    Result2 wantedBack(in.rows, weight.columns);
    multiply(back.matrix, left(dOut), weight.narrowMatrix(), into);
    multiply<float>(wantedBack.matrix, dOut.wideMatrix(), weight.wideMatrix(), into);
    expectClose(back, wantedBack);
}

constexpr std::array kRowCounts { 1, 3, 31, 32, 47, 64, 130, 515 };

TEST(Bf16Gemm, AgreesWithFloatProductsOfTheSameNumbersForAllNumbersOfRows)
{
    for (const std::int64_t rows : kRowCounts) {
        for (const Into into : { Into::Overwrite, Into::Add }) {
            const Numbers2 a(rows, 70, 1);
            const Numbers2 b(45, 70, 2);
            const Numbers2 d(rows, 45, 3);
            expectBothWays(a, d, b, into, asNarrow);
            Result2 weight(45, 70);
            Result2 wantedWeight(45, 70);
            transposedMultiply(weight.matrix, d.narrowMatrix(), a.narrowMatrix(), into);
            transposedMultiply<float>(wantedWeight.matrix, d.wideMatrix(), a.wideMatrix(), into);
            expectClose(weight, wantedWeight);
        }
    }
}

TEST(Bf16Gemm, SlicesOfColumnsAreOperandsToo)
{
    const Numbers2 a(40, 96, 1);
    const Numbers2 b(50, 96, 2);
    Result2 found(40, 50);
    Result2 wanted(40, 50);
    multiplyTransposed(found.matrix, a.narrowMatrix().columnsBetween(16, 80), b.narrowMatrix().columnsBetween(16, 80),
        Into::Overwrite);
    multiplyTransposed<float>(wanted.matrix, a.wideMatrix().columnsBetween(16, 80),
        b.wideMatrix().columnsBetween(16, 80), Into::Overwrite);
    expectClose(found, wanted);
}

TEST(Bf16Gemm, FloatOperandsMeetStoredWeightsPanelByPanelOrByTiles)
{
    const Numbers2 weight(700, 3000, 2); // several panels
    for (const std::int64_t rows : { 9, 130 }) {
        const Numbers2 in(rows, 3000, 1);
        const Numbers2 dOut(rows, 700, 3);
        for (const Into into : { Into::Overwrite, Into::Add }) {
            expectBothWays(in, dOut, weight, into, asWide);
        }
    }
}

TEST(Bf16Gemm, TheSameShapesGiveTheSameBits)
{
    const Numbers2 a(77, 64, 1);
    const Numbers2 b(48, 64, 2);
    Result2 first(77, 48);
    Result2 second(77, 48);
    multiplyTransposed(first.matrix, a.narrowMatrix(), b.narrowMatrix(), Into::Overwrite);
    multiplyTransposed(second.matrix, a.narrowMatrix(), b.narrowMatrix(), Into::Overwrite);
    EXPECT_EQ(first.room, second.room);
}

TEST(Bf16Gemm, AProcessorWithoutThemIsToldInASentence)
{
    const auto fit = checkBf16Products();
    EXPECT_EQ(static_cast<bool>(fit), std::string_view(bf16Instructions()) != "none");
    if (!fit) {
        EXPECT_NE(fit.error().message.find("--precision f32"), std::string::npos);
    }
}

} // namespace
} // namespace dubito::model
