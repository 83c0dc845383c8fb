// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/SafetensorsWriter.h"

#include "backend/base/Checksum.h"
#include "backend/model/Safetensors.h"
#include "tests/support/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

namespace dubito::model {
namespace {

TEST(SafetensorsWriter, FloatsComeBackBitForBit)
{
    const TemporaryFolder folder;
    const std::vector<float> values { 1.0F, -0.0F, std::bit_cast<float>(1U), std::bit_cast<float>(0x7f800001U), 3e38F,
        0.1F };
    const auto sum
        = writeSafetensors(folder.path() / "a.safetensors", std::vector { TensorToWrite { "w", { 2, 3 }, values } });
    ASSERT_TRUE(sum) << toText(sum.error());
    const auto file = Safetensors::open(folder.path() / "a.safetensors");
    ASSERT_TRUE(file) << toText(file.error());
    EXPECT_EQ(file->find("w")->shape, (std::vector<std::int64_t> { 2, 3 }));
    const auto bytes = file->bytes(*file->find("w"));
    const auto expected = std::as_bytes(std::span(values));
    EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), expected.begin(), expected.end()));
}

TEST(SafetensorsWriter, TheSumIsThatOfTheFile)
{
    const TemporaryFolder folder;
    const std::vector<float> values(1000, 0.25F);
    const auto sum
        = writeSafetensors(folder.path() / "a.safetensors", std::vector { TensorToWrite { "w", { 1000 }, values } });
    ASSERT_TRUE(sum);
    const auto text = *readText(folder.path() / "a.safetensors");
    EXPECT_EQ(sum->bytes, text.size());
    EXPECT_EQ(sum->checksum, checksumHex(std::as_bytes(std::span(text))));
}

TEST(SafetensorsWriter, HalfTypesAreRoundedAndLongTensorsAreWrittenInPieces)
{
    const TemporaryFolder folder;
    std::vector<float> values(200'000);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = std::sin(static_cast<float>(i));
    }
    const std::vector<TensorToWrite> tensors { { "b", { 200'000 }, values, Dtype::BF16 },
        { "h", { 200, 1000 }, values, Dtype::F16 } };
    ASSERT_TRUE(writeSafetensors(folder.path() / "a.safetensors", tensors));
    const auto file = Safetensors::open(folder.path() / "a.safetensors");
    ASSERT_TRUE(file) << toText(file.error());
    std::vector<float> read(values.size());
    ASSERT_TRUE(file->readInto(*file->find("b"), read));
    EXPECT_EQ(read[150'000], fromBf16(toBf16(values[150'000])));
    ASSERT_TRUE(file->readInto(*file->find("h"), read));
    EXPECT_EQ(read[199'999], fromF16(toF16(values[199'999])));
}

TEST(SafetensorsWriter, OtherReadersFindTheFormatTheyAskForAndAlignedData)
{
    const TemporaryFolder folder;
    const std::vector<float> values { 1 };
    ASSERT_TRUE(writeSafetensors(
        folder.path() / "a.safetensors", std::vector { TensorToWrite { "w", {}, values } }, { { "x", "y" } }));
    const auto file = Safetensors::open(folder.path() / "a.safetensors");
    EXPECT_EQ(file->metadata().at("format"), "pt");
    EXPECT_EQ(file->metadata().at("x"), "y");
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(file->bytes(*file->find("w")).data()) % 8, 0U);
}

TEST(SafetensorsWriter, AFolderThatIsNoneIsAnOutputError)
{
    const TemporaryFolder folder;
    folder.write("file", "x");
    const auto sum = writeSafetensors(folder.path() / "file" / "a.safetensors", {});
    ASSERT_FALSE(sum);
    EXPECT_EQ(sum.error().code, ErrorCode::Output);
}

} // namespace
} // namespace dubito::model
