// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

/// How the choices of Config.h are spelled in files, flags and messages: one row of words per enum, in its order.
namespace dubito::config {

template <typename Enum>
inline constexpr std::array<std::string_view, 0> kWordsOf {};

template <>
inline constexpr std::array<std::string_view, 2> kWordsOf<Switch> { "off", "on" };
template <>
inline constexpr std::array<std::string_view, 2> kWordsOf<Unlabelled> { "score", "weight_one" };
template <>
inline constexpr std::array<std::string_view, 1> kWordsOf<Profile> { "compat" };
template <>
inline constexpr std::array<std::string_view, 5> kWordsOf<WeightingMode> { "monotone", "published", "affine", "hinge",
    "additive" };
template <>
inline constexpr std::array<std::string_view, 2> kWordsOf<Normalise> { "dataset", "batch" };
template <>
inline constexpr std::array<std::string_view, 3> kWordsOf<FrozenWeights> { "auto", "f32", "bf16" };
template <>
inline constexpr std::array<std::string_view, 2> kWordsOf<LossReduction> { "token", "sample" };
template <>
inline constexpr std::array<std::string_view, 2> kWordsOf<Precision> { "f32", "bf16" };
template <>
inline constexpr std::array<std::string_view, 3> kWordsOf<GradientCheckpointing> { "off", "on", "auto" };
template <>
inline constexpr std::array<std::string_view, 3> kWordsOf<WhenRetained> { "auto", "pause", "restart" };

/// The word of a choice: wordOf(WeightingMode::Hinge) is "hinge".
template <typename Enum>
constexpr std::string_view wordOf(Enum choice)
{
    return kWordsOf<Enum>[static_cast<std::size_t>(choice)];
}

/// The choice of a word, or nothing.
template <typename Enum>
constexpr std::optional<Enum> choiceOf(std::string_view word)
{
    for (std::size_t i = 0; i < kWordsOf<Enum>.size(); ++i) {
        if (kWordsOf<Enum>[i] == word) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

} // namespace dubito::config
