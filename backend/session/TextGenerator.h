// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Clock.h"
#include "backend/base/Error.h"
#include "backend/base/Parallel.h"
#include "backend/base/TensorMemory.h"
#include "backend/model/Generate.h"
#include "backend/session/LoadedModel.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace dubito::session {

struct GenerationRules {
    std::int64_t maxTokens = 128; ///< new ones
    model::SamplingRules sampling;
    std::uint64_t seed = 42;
};

/// Why a text ended.
enum class GenerationEnd : std::uint8_t {
    EndToken, ///< the model said so
    TokenLimit, ///< as many tokens as were asked for
    ContextLimit, ///< the model cannot see further
};

std::string_view toWord(GenerationEnd end);

struct Generation {
    std::string text; ///< without the prompt
    std::int64_t promptTokens = 0;
    std::int64_t tokens = 0; ///< new ones, the end token not counted
    GenerationEnd end = GenerationEnd::TokenLimit;
    double seconds = 0; ///< after the prompt was read
};

/// What generation works with; all outlive it.
struct GenerationTools {
    TensorMemory& memory;
    Parallel& parallel;
    const Clock& clock;
};

/// Goes on with `prompt`, token by token, and hands out the text piece by piece: whole characters only.
///
/// The same model, prompt, rules and threads give the same text. ErrorCode::Usage when the prompt is empty and the model
/// has no token to begin with, or leaves no room for an answer; ErrorCode::Memory; ErrorCode::Model when the model is broken.
Result<Generation> generateText(const LoadedModel& model, std::string_view prompt, const GenerationRules& rules,
    const GenerationTools& tools, const std::function<void(std::string_view piece)>& onText);

} // namespace dubito::session
