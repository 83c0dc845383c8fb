// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/Manifest.h"

#include "backend/base/Checksum.h"
#include "backend/base/MappedFile.h"
#include "backend/base/Text.h"
#include "backend/model/JsonFields.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace dubito::train {

namespace {

namespace fs = std::filesystem;
using Json = model::JsonFields::Json;

constexpr std::int64_t kVersion = 1;
constexpr std::string_view kOwnKey = "\"manifest_xxh3_128\": \"";
constexpr std::size_t kDigits = 32;
constexpr double kLargest = 9e15;

/// The text with the digits of its own checksum replaced by zeros, and where they stood.
std::string withoutOwnSum(std::string text, std::size_t digitsAt)
{
    text.replace(digitsAt, kDigits, kDigits, '0');
    return text;
}

std::string sumOf(std::string_view text) { return checksumHex(std::as_bytes(std::span(text))); }

/// A path below the folder, one folder deep at most, without a way out.
bool isInside(std::string_view name)
{
    const auto slash = name.find('/');
    const auto isPlain = [](std::string_view part) {
        return !part.empty() && !part.starts_with('.') && part.find_first_of(std::string_view("/\\\0", 3)) == part.npos;
    };
    return slash == name.npos ? isPlain(name) : isPlain(name.substr(0, slash)) && isPlain(name.substr(slash + 1));
}

Error damaged(const fs::path& file, std::string_view how)
{
    return { ErrorCode::Model, fmt::format("is damaged: {}", how), file.string() };
}

/// The text, when its own checksum fits; byte for byte.
Result<std::string> readGuarded(const fs::path& file)
{
    auto text = readText(file, std::size_t { 16 } << 20);
    if (!text) {
        return Error { ErrorCode::Model, text.error().message, text.error().where };
    }
    const std::size_t key = text->find(kOwnKey);
    const std::size_t digitsAt = key + kOwnKey.size();
    if (key == std::string::npos || digitsAt + kDigits > text->size()) {
        return damaged(file, "its own checksum is not there");
    }
    if (sumOf(withoutOwnSum(*text, digitsAt)) != text->substr(digitsAt, kDigits)) {
        return damaged(file, "it does not fit its own checksum");
    }
    return text;
}

Result<void> verifyFile(const fs::path& file, const FileSum& expected)
{
    const auto mapped = MappedFile::open(file);
    if (!mapped) {
        return Error { ErrorCode::Model, mapped.error().message, mapped.error().where };
    }
    if (mapped->bytes().size() != expected.bytes) {
        return damaged(file, fmt::format("it has {} bytes and should have {}", mapped->bytes().size(), expected.bytes));
    }
    // A checkpoint is larger than the model: it is read without ever being resident as a whole.
    constexpr std::size_t kPieceBytes = 4 << 20;
    Checksum checksum;
    for (auto rest = mapped->bytes(); !rest.empty();) {
        const auto piece = rest.first(std::min(kPieceBytes, rest.size()));
        checksum.add(piece);
        mapped->forget(piece);
        rest = rest.subspan(piece.size());
    }
    if (checksum.toHex() != expected.checksum) {
        return damaged(file, "its bytes do not fit the checksum in the manifest");
    }
    return {};
}

} // namespace

Result<FileSum> writeManifest(const fs::path& folder, const Manifest& manifest)
{
    Json files = Json::object();
    for (const auto& [name, sum] : manifest.files) {
        files[name] = { { "bytes", sum.bytes }, { "xxh3_128", sum.checksum } };
    }
    const Json root { { "dubito_checkpoint", kVersion }, { "manifest_xxh3_128", std::string(kDigits, '0') },
        { "step", manifest.step }, { "files", files } };
    std::string text = root.dump(2) + "\n";
    const std::size_t digitsAt = text.find(kOwnKey) + kOwnKey.size();
    text.replace(digitsAt, kDigits, sumOf(text));
    auto file = AtomicFile::create(folder / kManifestName);
    if (!file) {
        return file.error();
    }
    if (auto written = file->write(text); !written) {
        return written.error();
    }
    if (auto committed = file->commit(); !committed) {
        return committed.error();
    }
    return file->sum();
}

Result<Manifest> readManifest(const fs::path& folder)
{
    const fs::path path = folder / kManifestName;
    const auto text = readGuarded(path);
    if (!text) {
        return text.error();
    }
    const Json root = jsonDepth(*text) > kDeepestJson ? Json() : Json::parse(*text, nullptr, false);
    if (!root.is_object() || !root.contains("files") || !root["files"].is_object()) {
        return damaged(path, "it lists no files");
    }
    std::vector<std::string> problems;
    model::JsonFields fields(root, "", problems);
    Manifest manifest;
    if (fields.whole("dubito_checkpoint", { 1, kLargest }) > kVersion) {
        fields.complain("it was written by a newer version of this program");
    }
    manifest.step = fields.whole("step", { 0, kLargest });
    for (const auto& [name, entry] : root["files"].items()) {
        if (!isInside(name) || !entry.is_object()) {
            fields.complain(fmt::format("{} is no file of this folder", dubito::quoted(name)));
            continue;
        }
        model::JsonFields file(entry, name + ": ", problems);
        const std::int64_t bytes = file.whole("bytes", { 0, kLargest });
        manifest.files[name] = { static_cast<std::uint64_t>(bytes), file.wordOr("xxh3_128", "") };
    }
    return problems.empty() ? Result<Manifest>(std::move(manifest)) : Result<Manifest>(damaged(path, problems.front()));
}

Result<void> verifyFiles(const fs::path& folder, const Manifest& manifest)
{
    for (const auto& [name, sum] : manifest.files) {
        if (auto verified = verifyFile(folder / name, sum); !verified) {
            return verified;
        }
    }
    return {};
}

} // namespace dubito::train
