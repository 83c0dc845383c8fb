// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/TensorMemory.h"
#include "backend/model/LayerParameters.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/Parameters.h"
#include "backend/model/Tensor.h"
#include "backend/model/WeightFiles.h"

#include <cstdint>
#include <span>

namespace dubito::model {

/// How matrices that are not trained are kept.
enum class FrozenStorage : std::uint8_t { Full, Bf16 };

/// The weights below an adapter: read once, never written again, shared by every model that is built on them.
///
/// They have no gradient, no moments and no second copy. With FrozenStorage::Bf16 matrices take two bytes a number and
/// are decoded in pieces when a product needs them; norms and biases are always floats. Immutable once filled: any
/// thread. A reload keeps them. `Scalar` as in LanguageModel.
template <typename Scalar>
class FrozenWeights {
public:
    /// All zero; category Weights. ErrorCode::Memory when they are refused.
    static Result<FrozenWeights> create(const ModelConfig& config, FrozenStorage storage, TensorMemory& memory);

    /// From the files of a model, tensor by tensor: nothing is held twice. Requires: files.check() succeeded.
    Result<void> read(const WeightFiles& files);

    /// From a block of layout(); rounded when the storage is BF16.
    void fill(std::span<const Scalar> block);

    /// Seeded random numbers, the same that a full training with this seed begins with.
    void initialise(const ModelConfig& config, std::uint64_t seed);

    const ParameterLayout& layout() const { return m_layout; }
    FrozenStorage storage() const { return m_storage; }
    ParameterPlace<const Scalar> place() const;
    std::int64_t bytes() const;

    /// The numbers of a parameter of layout(), decoded.
    void readInto(const Parameter& parameter, std::span<Scalar> values) const;

private:
    FrozenWeights(ParameterLayout layout, FrozenStorage storage);
    void put(const Parameter& parameter, std::int64_t first, std::span<const Scalar> values);

    ParameterLayout m_layout;
    FrozenStorage m_storage;
    Tensor<Scalar> m_values; ///< everything, or norms and biases alone
    Tensor<Bf16> m_bits;
};

extern template class FrozenWeights<float>;
extern template class FrozenWeights<double>;

/// What `auto` means: BF16 when every matrix of the files is stored so, and nothing is lost.
FrozenStorage storageOf(const WeightFiles& files, const ParameterLayout& layout);

} // namespace dubito::model
