// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/tokenizer/AddedTokens.h"
#include "backend/tokenizer/BytePairs.h"
#include "backend/tokenizer/Decoder.h"
#include "backend/tokenizer/Normalizer.h"
#include "backend/tokenizer/PostProcessor.h"
#include "backend/tokenizer/PreTokenizer.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace dubito::tokenizer {

/// What a tokenizer.json consists of, in the order in which text passes through.
struct TokenizerFile {
    AddedTokens addedTokens;
    Normalizer normalizer;
    PreTokenizer preTokenizer;
    BytePairs model;
    PostProcessor postProcessor;
    Decoder decoder;
};

/// Reads a tokenizer.json (at most 64 MiB). ErrorCode::Model with the file in `where` when it is no such file, or
/// when it asks for a part that Dubito does not know: guessing would give other ids than the model was trained with.
/// `truncation` and `padding` are not read: the length of documents is the run's business.
Result<TokenizerFile> readTokenizerFile(const std::filesystem::path& path);

/// The same from text; `where` is what errors name.
Result<TokenizerFile> parseTokenizer(std::string_view json, const std::string& where);

} // namespace dubito::tokenizer
