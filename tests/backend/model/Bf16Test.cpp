// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Bf16.h"

#include "backend/model/Dtype.h"
#include "tests/backend/model/GradientCheck.h"

#include <gtest/gtest.h>

#include <limits>

namespace dubito::model {
namespace {

std::vector<float> samples()
{
    std::vector<float> values { 0.0F, -0.0F, 1.0F, 1.00390625F, 1.01171875F, 3.4e38F, -3.4e38F, 1e-40F,
        std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
        std::numeric_limits<float>::max() };
    for (const double value : randomNumbers(1000, 5)) {
        values.push_back(static_cast<float>(value));
    }
    return values;
}

TEST(Bf16, RoundsAsTheFilesAreWritten)
{
    for (const float value : samples()) {
        EXPECT_EQ(static_cast<std::uint16_t>(rounded(value)), toBf16(value)) << value;
        EXPECT_EQ(widened(rounded(value)), fromBf16(toBf16(value))) << value;
    }
}

TEST(Bf16, ANotANumberStaysOne)
{
    const auto quiet = std::numeric_limits<float>::quiet_NaN();
    const auto allOnes = std::bit_cast<float>(0x7FFFFFFFU);
    const auto lowBitAlone = std::bit_cast<float>(0x7F800001U);
    for (const float value : { quiet, -quiet, allOnes, lowBitAlone }) {
        EXPECT_NE(widened(rounded(value)), widened(rounded(value)));
    }
}

TEST(Bf16, RowsAreNarrowedInPlace)
{
    constexpr std::int64_t kRows = 3;
    constexpr std::int64_t kColumns = 331;
    std::vector<float> values;
    for (const double value : randomNumbers(kRows * kColumns, 9)) {
        values.push_back(static_cast<float>(value));
    }
    auto room = values;
    const Matrix<Bf16> narrow(reinterpret_cast<Bf16*>(room.data()), kRows, kColumns, 2 * kColumns);
    narrowRows(narrow, { room.data(), kRows, kColumns });
    std::vector<float> back(values.size());
    widenRows({ back.data(), kRows, kColumns }, narrow);
    for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_EQ(back[i], widened(rounded(values[i]))) << i;
    }
}

TEST(Bf16, PaddingIsLittleAndNeverFalls)
{
    for (std::int64_t rows = 1; rows < 20000; ++rows) {
        const std::int64_t padded = paddedRows(rows);
        ASSERT_GE(padded, rows);
        ASSERT_LE(padded, rows + std::max<std::int64_t>(31, rows / 8)) << rows;
        ASSERT_GE(padded, paddedRows(rows - 1)) << rows;
        ASSERT_EQ(paddedRows(padded), padded) << rows;
    }
}

} // namespace
} // namespace dubito::model
