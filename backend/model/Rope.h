// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/model/ModelConfig.h"
#include "backend/model/Tensor.h"

#include <cstdint>
#include <vector>

namespace dubito::model {

/// Cosine and sine of every position and frequency, each (T, D/2).
template <typename Scalar>
struct RopeTable {
    Matrix<Scalar> cosine;
    Matrix<Scalar> sine;
};

/// Radians per position, D/2 of them, with the scaling of the configuration.
std::vector<double> ropeFrequencies(const RopeConfig& rope, std::int64_t headDim);

/// Fills rows 0 .. T-1. The angles are computed in double whatever Scalar is: large positions lose no digits.
template <typename Scalar>
void fillRopeTable(const RopeTable<Scalar>& table, const std::vector<double>& frequencies);

/// Rotates every head of every row in place, first half against second half: heads (N, heads * D), positions (N).
template <typename Scalar>
void ropeForward(Matrix<Scalar> heads, const std::int32_t* positions, const RopeTable<Scalar>& table);

/// The rotation back, which is the gradient's.
template <typename Scalar>
void ropeBackward(Matrix<Scalar> heads, const std::int32_t* positions, const RopeTable<Scalar>& table);

} // namespace dubito::model
