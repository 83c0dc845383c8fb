// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Safetensors.h"

#include "tests/support/TemporaryFolder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>

namespace dubito::model {
namespace {

using testing::HasSubstr;

/// A file of a header and data, with the right length in front.
std::string fileOf(const std::string& header, const std::string& data)
{
    const std::uint64_t length = header.size();
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    return bytes + header + data;
}

std::string twoFloats()
{
    const std::array<float, 2> values { 1.5F, -2.0F };
    return { reinterpret_cast<const char*>(values.data()), sizeof(values) };
}

TEST(Safetensors, ATensorAtAnOddAddressIsRead)
{
    const TemporaryFolder folder;
    const auto path = folder.write(
        "w.safetensors", fileOf(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} )", twoFloats()));
    const auto file = Safetensors::open(path);
    ASSERT_TRUE(file) << toText(file.error());
    std::array<float, 2> values {};
    ASSERT_TRUE(file->readInto(*file->find("w"), values));
    EXPECT_EQ(values, (std::array<float, 2> { 1.5F, -2.0F }));
    EXPECT_EQ(file->find("v"), nullptr);
}

TEST(Safetensors, IntegersParseAndAreRefusedAsNumbers)
{
    const TemporaryFolder folder;
    const auto path = folder.write(
        "w.safetensors", fileOf(R"({"w":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}})", twoFloats()));
    const auto file = Safetensors::open(path);
    ASSERT_TRUE(file);
    std::array<float, 2> values {};
    const auto read = file->readInto(*file->find("w"), values);
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("I32"));
}

TEST(Safetensors, AnotherNumberOfElementsIsRefused)
{
    const TemporaryFolder folder;
    const auto path = folder.write(
        "w.safetensors", fileOf(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", twoFloats()));
    const auto file = Safetensors::open(path);
    std::array<float, 3> values {};
    EXPECT_FALSE(file->readInto(*file->find("w"), values));
}

TEST(Safetensors, AnAbsentFileIsNotFoundAndAFolderIsRefused)
{
    const TemporaryFolder folder;
    EXPECT_EQ(Safetensors::open(folder.path() / "absent").error().code, ErrorCode::NotFound);
    EXPECT_EQ(Safetensors::open(folder.path()).error().code, ErrorCode::Model);
}

TEST(Safetensors, EveryPrefixOfAGoodFileIsRefused)
{
    const TemporaryFolder folder;
    const std::string whole = fileOf(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", twoFloats());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto path = folder.write("w.safetensors", whole.substr(0, size));
        ASSERT_FALSE(Safetensors::open(path)) << size;
    }
}

} // namespace
} // namespace dubito::model
