// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/FrozenWeights.h"

#include "backend/base/Check.h"
#include "backend/base/Random.h"
#include "backend/model/Dtype.h"

#include <algorithm>
#include <type_traits>
#include <vector>

namespace dubito::model {

template <typename Scalar>
FrozenWeights<Scalar>::FrozenWeights(ParameterLayout layout, FrozenStorage storage)
    : m_layout(std::move(layout))
    , m_storage(storage)
{
}

template <typename Scalar>
Result<FrozenWeights<Scalar>> FrozenWeights<Scalar>::create(
    const ModelConfig& config, FrozenStorage storage, TensorMemory& memory)
{
    FrozenWeights weights(ParameterLayout::of(config), storage);
    const bool isBf16 = storage == FrozenStorage::Bf16;
    auto values = Tensor<Scalar>::create(
        memory, isBf16 ? weights.m_layout.smallBlockSize() : weights.m_layout.blockSize(), Category::Weights);
    if (!values) {
        return values.error();
    }
    weights.m_values = std::move(*values);
    std::ranges::fill(weights.m_values.span(), Scalar { 0 });
    if (isBf16) {
        auto bits = Tensor<Bf16>::create(memory, weights.m_layout.blockSize(), Category::Weights);
        if (!bits) {
            return bits.error();
        }
        weights.m_bits = std::move(*bits);
        std::ranges::fill(weights.m_bits.span(), Bf16 { 0 });
    }
    return weights;
}

template <typename Scalar>
Result<void> FrozenWeights<Scalar>::read(const WeightFiles& files)
{
    constexpr std::int64_t kPiece = 1 << 20;
    std::vector<float> values;
    for (const Parameter& parameter : m_layout.parameters()) {
        for (std::int64_t first = 0; first < parameter.count; first += kPiece) {
            values.resize(static_cast<std::size_t>(std::min(kPiece, parameter.count - first)));
            if (auto done = files.readPiece(parameter.name, static_cast<std::size_t>(first), values); !done) {
                return done;
            }
            if constexpr (std::is_same_v<Scalar, float>) {
                put(parameter, first, values);
            } else {
                put(parameter, first, std::vector<Scalar>(values.begin(), values.end()));
            }
        }
    }
    return {};
}

template <typename Scalar>
void FrozenWeights<Scalar>::fill(std::span<const Scalar> block)
{
    CHECK(static_cast<std::int64_t>(block.size()) == m_layout.blockSize(), "a block has the size of its layout");
    for (const Parameter& parameter : m_layout.parameters()) {
        put(parameter, 0,
            block.subspan(static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count)));
    }
}

template <typename Scalar>
void FrozenWeights<Scalar>::initialise(const ModelConfig& config, std::uint64_t seed)
{
    Random random(seed);
    std::vector<Scalar> values;
    for (const Parameter& parameter : m_layout.parameters()) {
        values.assign(static_cast<std::size_t>(parameter.count), Scalar { parameter.name.ends_with(".bias") ? 0.0F : 1.0F });
        if (!parameter.isNormOrBias) {
            std::ranges::generate(values,
                [&] { return static_cast<Scalar>(static_cast<float>(random.normal() * config.initializerRange)); });
        }
        put(parameter, 0, values);
    }
}

template <typename Scalar>
void FrozenWeights<Scalar>::put(const Parameter& parameter, std::int64_t first, std::span<const Scalar> values)
{
    if (m_storage == FrozenStorage::Bf16 && !parameter.isNormOrBias) {
        std::ranges::transform(values, m_bits.data() + parameter.offset + first,
            [](Scalar value) { return rounded(static_cast<float>(value)); });
        return;
    }
    const bool isSmall = m_storage == FrozenStorage::Bf16;
    std::ranges::copy(values, m_values.data() + (isSmall ? parameter.smallOffset : parameter.offset) + first);
}

template <typename Scalar>
ParameterPlace<const Scalar> FrozenWeights<Scalar>::place() const
{
    return { m_values.data(), m_storage == FrozenStorage::Bf16 ? m_bits.data() : nullptr };
}

template <typename Scalar>
std::int64_t FrozenWeights<Scalar>::bytes() const
{
    return m_values.count() * static_cast<std::int64_t>(sizeof(Scalar))
        + m_bits.count() * static_cast<std::int64_t>(sizeof(Bf16));
}

template <typename Scalar>
void FrozenWeights<Scalar>::readInto(const Parameter& parameter, std::span<Scalar> values) const
{
    CHECK(static_cast<std::int64_t>(values.size()) == parameter.count, "a parameter is read into as many numbers");
    if (m_storage == FrozenStorage::Bf16 && !parameter.isNormOrBias) {
        std::transform(m_bits.data() + parameter.offset, m_bits.data() + parameter.offset + parameter.count,
            values.begin(), [](Bf16 bits) { return static_cast<Scalar>(widened(bits)); });
        return;
    }
    const bool isSmall = m_storage == FrozenStorage::Bf16;
    std::copy_n(m_values.data() + (isSmall ? parameter.smallOffset : parameter.offset), parameter.count, values.begin());
}

FrozenStorage storageOf(const WeightFiles& files, const ParameterLayout& layout)
{
    const auto isBf16 = [&](const Parameter& parameter) {
        const StoredTensor* stored = files.find(parameter.name);
        return parameter.isNormOrBias || (stored != nullptr && stored->dtype == Dtype::BF16);
    };
    return std::ranges::all_of(layout.parameters(), isBf16) ? FrozenStorage::Bf16 : FrozenStorage::Full;
}

template class FrozenWeights<float>;
template class FrozenWeights<double>;

} // namespace dubito::model
