// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/WeightFiles.h"

#include "backend/model/FrozenWeights.h"
#include "backend/model/SafetensorsWriter.h"
#include "tests/support/FakeTensorMemory.h"
#include "tests/support/TemporaryFolder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <limits>
#include <unistd.h>

namespace dubito::model {
namespace {

using testing::HasSubstr;

ModelConfig smallModel()
{
    return { .hidden = 6, .layers = 2, .heads = 3, .kvHeads = 1, .headDim = 4, .intermediate = 10, .vocabulary = 7 };
}

/// The weights of smallModel(), to be spoiled and written.
class WeightFilesTest : public testing::Test {
protected:
    WeightFilesTest()
    {
        for (std::size_t i = 0; i < m_block.size(); ++i) {
            m_block[i] = static_cast<float>(i) / 8;
        }
        for (const Parameter& parameter : m_layout.parameters()) {
            m_tensors.push_back({ parameter.name, parameter.shape, valuesOf(parameter) });
        }
    }

    std::span<const float> valuesOf(const Parameter& parameter) const
    {
        return std::span(m_block).subspan(
            static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count));
    }

    TensorToWrite& tensor(const std::string& name) { return *std::ranges::find(m_tensors, name, &TensorToWrite::name); }

    std::string refusal() const
    {
        std::ignore = writeSafetensors(m_folder.path() / "model.safetensors", m_tensors);
        const auto files = WeightFiles::open(m_folder.path());
        if (!files) {
            return toText(files.error());
        }
        const auto checked = files->check(m_config, m_layout);
        return checked ? "accepted" : toText(checked.error());
    }

    /// The first half of the tensors in one shard, the rest in another, and the map between.
    nlohmann::json writeShards() const
    {
        const auto half = m_tensors.begin() + static_cast<std::ptrdiff_t>(m_tensors.size() / 2);
        std::ignore = writeSafetensors(m_folder.path() / "a.safetensors", { m_tensors.begin(), half });
        std::ignore = writeSafetensors(m_folder.path() / "b.safetensors", { half, m_tensors.end() });
        nlohmann::json map;
        for (auto it = m_tensors.begin(); it != m_tensors.end(); ++it) {
            map[it->name] = it < half ? "a.safetensors" : "b.safetensors";
        }
        return map;
    }

    std::string shardRefusal(const nlohmann::json& map) const
    {
        m_folder.write("model.safetensors.index.json", nlohmann::json { { "weight_map", map } }.dump());
        const auto files = WeightFiles::open(m_folder.path());
        return files ? "accepted" : toText(files.error());
    }

    TemporaryFolder m_folder;
    ModelConfig m_config = smallModel();
    ParameterLayout m_layout = ParameterLayout::of(m_config);
    std::vector<float> m_block = std::vector<float>(static_cast<std::size_t>(m_layout.blockSize()));
    std::vector<TensorToWrite> m_tensors;
};

TEST_F(WeightFilesTest, AllParametersLandAtTheirPlacesAndPaddingIsZero)
{
    EXPECT_EQ(refusal(), "accepted");
    const auto files = WeightFiles::open(m_folder.path());
    std::vector<float> read(m_block.size(), 7.0F);
    ASSERT_TRUE(files->readAll(m_layout, read));
    std::vector<float> expected(m_block.size(), 0.0F);
    for (const Parameter& parameter : m_layout.parameters()) {
        std::ranges::copy(valuesOf(parameter), expected.begin() + parameter.offset);
    }
    EXPECT_EQ(read, expected);
}

TEST_F(WeightFilesTest, ShardsAreOneModel)
{
    EXPECT_EQ(shardRefusal(writeShards()), "accepted");
    const auto files = WeightFiles::open(m_folder.path());
    EXPECT_TRUE(files->check(m_config, m_layout));
    EXPECT_EQ(files->names().size(), m_tensors.size());
}

TEST_F(WeightFilesTest, AnIndexThatLiesIsRefused)
{
    const auto good = writeShards();
    auto map = good;
    map["model.norm.weight"] = "../b.safetensors";
    EXPECT_THAT(shardRefusal(map), HasSubstr("no file of this directory"));
    map["model.norm.weight"] = "/etc/passwd";
    EXPECT_THAT(shardRefusal(map), HasSubstr("no file of this directory"));
    map["model.norm.weight"] = 5;
    EXPECT_THAT(shardRefusal(map), HasSubstr("no file of this directory"));
    map["model.norm.weight"] = "a.safetensors";
    EXPECT_THAT(shardRefusal(map), HasSubstr("and it does not"));
    map["model.norm.weight"] = "c.safetensors";
    EXPECT_THAT(shardRefusal(map), HasSubstr("c.safetensors"));
    map = good;
    map.erase("model.norm.weight");
    EXPECT_THAT(shardRefusal(map), HasSubstr("does not name \"model.norm.weight\""));
    EXPECT_THAT(shardRefusal("text"), HasSubstr("no weight_map"));
    EXPECT_THAT(shardRefusal(nlohmann::json::object()), HasSubstr("names no tensor"));
    m_folder.write("model.safetensors.index.json",
        R"({"weight_map": {"a": )" + std::string(400'000, '[') + std::string(400'000, ']') + "}}");
    EXPECT_THAT(toText(WeightFiles::open(m_folder.path()).error()), HasSubstr("no weight_map"));
}

TEST_F(WeightFilesTest, ATensorInTwoShardsIsRefused)
{
    const auto map = writeShards();
    std::ignore = writeSafetensors(m_folder.path() / "a.safetensors", m_tensors);
    EXPECT_THAT(shardRefusal(map), HasSubstr("also in"));
}

TEST_F(WeightFilesTest, AMissingTensorIsNamed)
{
    std::erase_if(m_tensors, [](const auto& written) { return written.name == "model.norm.weight"; });
    EXPECT_THAT(refusal(), HasSubstr("model.norm.weight is missing"));
}

TEST_F(WeightFilesTest, AWrongVocabularyIsExplained)
{
    m_config.vocabulary = 8;
    m_layout = ParameterLayout::of(m_config);
    EXPECT_THAT(refusal(), HasSubstr("vocab_size is 8 and the weights know 7 tokens"));
}

TEST_F(WeightFilesTest, MoreOrFewerLayersThanTheConfigSaysAreRefused)
{
    for (const std::int64_t layers : { 1, 3 }) {
        m_config.layers = layers;
        m_layout = ParameterLayout::of(m_config);
        EXPECT_THAT(refusal(), HasSubstr("the weights hold 2 layers"));
    }
}

TEST_F(WeightFilesTest, APartThatTheArchitectureDoesNotHaveIsRefused)
{
    m_tensors.push_back({ "model.layers.0.self_attn.q_proj.bias", { 12 }, std::span(m_block).first(12) });
    EXPECT_THAT(refusal(), HasSubstr("a llama model has no such part"));
}

TEST_F(WeightFilesTest, ATransposedProjectionIsExplained)
{
    std::swap(
        tensor("model.layers.0.mlp.down_proj.weight").shape[0], tensor("model.layers.0.mlp.down_proj.weight").shape[1]);
    EXPECT_THAT(refusal(), HasSubstr("stored transposed"));
}

TEST_F(WeightFilesTest, DoublesAreRefusedByName)
{
    tensor("model.norm.weight").dtype = Dtype::F64;
    EXPECT_THAT(refusal(), HasSubstr("model.norm.weight holds F64"));
}

TEST_F(WeightFilesTest, AHeadBesideATiedEmbeddingAndOldBuffersAreToldApart)
{
    m_config.tiedHead = true;
    m_layout = ParameterLayout::of(m_config);
    m_tensors.push_back({ "model.layers.0.self_attn.rotary_emb.inv_freq", { 2 }, std::span(m_block).first(2) });
    EXPECT_EQ(refusal(), "accepted");
    const auto warnings = WeightFiles::open(m_folder.path())->check(m_config, m_layout);
    ASSERT_EQ(warnings->size(), 1U);
    EXPECT_THAT(
        warnings->front(), HasSubstr("1 tensors are stored and not used: \"lm_head.weight\" (the head is tied"));
}

TEST_F(WeightFilesTest, ANanWeightIsNamedWithItsPlace)
{
    const Parameter& parameter = *m_layout.find("model.layers.1.mlp.up_proj.weight");
    m_block[static_cast<std::size_t>(parameter.offset) + 9] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(refusal(), "accepted");
    std::vector<float> read(m_block.size());
    const auto loaded = WeightFiles::open(m_folder.path())->readAll(m_layout, read);
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().message, HasSubstr("number 9 of tensor \"model.layers.1.mlp.up_proj.weight\" is NaN"));
}

TEST_F(WeightFilesTest, AnEmptyFolderIsNotFoundAndOtherFormatsAreNamed)
{
    EXPECT_EQ(WeightFiles::open(m_folder.path()).error().code, ErrorCode::NotFound);
    m_folder.write("pytorch_model.bin", "x");
    const auto files = WeightFiles::open(m_folder.path());
    EXPECT_EQ(files.error().code, ErrorCode::Model);
    EXPECT_THAT(files.error().message, HasSubstr("pytorch_model.bin"));
}

TEST_F(WeightFilesTest, ALinkToNowhereOrToItselfIsNoReasonToBeginAtRandom)
{
    const auto path = m_folder.path() / "model.safetensors";
    std::filesystem::create_symlink("absent", path);
    EXPECT_EQ(WeightFiles::open(m_folder.path()).error().code, ErrorCode::Model);
    std::filesystem::remove(path);
    std::filesystem::create_symlink("model.safetensors", path);
    EXPECT_EQ(WeightFiles::open(m_folder.path()).error().code, ErrorCode::Model);
}

/// Pages of files that count as ours now.
std::int64_t residentFileBytes()
{
    std::ifstream in("/proc/self/statm");
    std::int64_t size = 0;
    std::int64_t resident = 0;
    std::int64_t shared = 0;
    in >> size >> resident >> shared;
    return shared * ::sysconf(_SC_PAGESIZE);
}

ModelConfig largeModel()
{
    ModelConfig config = smallModel();
    config.hidden = 512;
    config.vocabulary = 16'384;
    return config;
}

/// An embedding of 32 MiB: more than one piece.
class LargeWeights : public testing::Test {
protected:
    /// All numbers are a half, but for one of the embedding.
    WeightFiles written(std::size_t at, float value)
    {
        m_block.assign(static_cast<std::size_t>(m_layout.blockSize()), 0.5F);
        m_block[static_cast<std::size_t>(m_layout.parameters()[0].offset) + at] = value;
        std::vector<TensorToWrite> tensors;
        for (const Parameter& parameter : m_layout.parameters()) {
            tensors.push_back({ parameter.name, parameter.shape,
                std::span(m_block).subspan(
                    static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count)) });
        }
        EXPECT_TRUE(writeSafetensors(m_folder.path() / "model.safetensors", tensors));
        return std::move(*WeightFiles::open(m_folder.path()));
    }

    TemporaryFolder m_folder;
    ModelConfig m_config = largeModel();
    ParameterLayout m_layout = ParameterLayout::of(m_config);
    std::vector<float> m_block;
};

TEST_F(LargeWeights, DoNotStayResidentWhenTheyAreRead)
{
    const WeightFiles files = written(0, 1);
    const std::int64_t before = residentFileBytes();
    ASSERT_TRUE(files.readAll(m_layout, m_block));
    EXPECT_LT(residentFileBytes() - before, 2 << 20) << "of a file of 32 MiB and more";
}

TEST_F(LargeWeights, AreReadByPiecesInTheirPlacesAndJudged)
{
    constexpr std::size_t kFar = 1'500'000;
    FakeTensorMemory memory;
    const WeightFiles files = written(kFar, 2);
    auto frozen = FrozenWeights<float>::create(m_config, FrozenStorage::Bf16, memory);
    ASSERT_TRUE(frozen);
    ASSERT_TRUE(frozen->read(files));
    const Parameter& embedding = m_layout.parameters()[0];
    std::vector<float> values(static_cast<std::size_t>(embedding.count));
    frozen->readInto(embedding, values);
    EXPECT_EQ(std::ranges::count(values, 0.5F), embedding.count - 1);
    EXPECT_EQ(values[kFar], 2);

    const auto read = frozen->read(written(kFar, std::numeric_limits<float>::quiet_NaN()));
    ASSERT_FALSE(read);
    EXPECT_THAT(toText(read.error()), HasSubstr("number 1500000 of tensor"));
}

} // namespace
} // namespace dubito::model
