// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace dubito::model {

/// Gradient checkpointing.
enum class Recompute : std::uint8_t {
    Off, ///< every layer keeps its activations for the way back
    On, ///< a layer keeps its input alone and computes the rest again: the same bits, for a quarter more time
};

/// What numbers go into matrix products. Sums are float32 in both cases.
enum class Products : std::uint8_t {
    Full, ///< the numbers as they are
    Bf16, ///< rounded to BF16 (float models only): several times as fast where the processor can do it
};

/// How a model computes, as opposed to what it is.
struct ModelOptions {
    Recompute recompute = Recompute::Off;
    Products products = Products::Full;

    friend bool operator==(const ModelOptions&, const ModelOptions&) = default;
};

} // namespace dubito::model
