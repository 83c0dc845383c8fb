// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Safetensors.h"

#include "backend/base/Text.h"
#include "backend/model/SafetensorsHeader.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace dubito::model {

namespace {

constexpr std::size_t kLengthBytes = 8;

} // namespace

std::string shapeToText(std::span<const std::int64_t> shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

Result<Safetensors> Safetensors::open(const std::filesystem::path& path)
{
    auto file = MappedFile::open(path);
    if (!file) {
        const bool isAbsent = file.error().code == ErrorCode::NotFound;
        return Error { isAbsent ? ErrorCode::NotFound : ErrorCode::Model, file.error().message, file.error().where };
    }
    const auto bytes = file->bytes();
    const auto refuse = [&](std::string_view sentence) {
        return Error { ErrorCode::Model, fmt::format("is no good safetensors file: {}", sentence), path.string() };
    };
    if (bytes.size() < kLengthBytes) {
        return refuse("it is too short even for the length of its header");
    }
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), kLengthBytes);
    const std::uint64_t rest = bytes.size() - kLengthBytes;
    if (length > kLongestHeader) {
        return refuse(fmt::format("its header says to be {} bytes long, and 100 MB is the most", length));
    }
    if (length > rest) {
        return refuse("its header runs past the end; the file was cut short: fetch it again");
    }
    const std::string_view json(reinterpret_cast<const char*>(bytes.data()) + kLengthBytes, length);
    auto header = parseSafetensorsHeader(json, rest - length, path.string());
    if (!header) {
        return header.error();
    }
    Safetensors opened;
    opened.m_path = path;
    opened.m_file = std::move(*file);
    opened.m_dataBegin = kLengthBytes + static_cast<std::size_t>(length);
    opened.m_tensors = std::move(header->tensors);
    opened.m_metadata = std::move(header->metadata);
    for (std::size_t i = 0; i < opened.m_tensors.size(); ++i) {
        opened.m_byName.emplace(opened.m_tensors[i].name, i);
    }
    return opened;
}

const StoredTensor* Safetensors::find(std::string_view name) const
{
    const auto found = m_byName.find(name);
    return found == m_byName.end() ? nullptr : &m_tensors[found->second];
}

std::span<const std::byte> Safetensors::bytes(const StoredTensor& tensor) const
{
    return m_file.bytes().subspan(
        m_dataBegin + static_cast<std::size_t>(tensor.begin), static_cast<std::size_t>(tensor.end - tensor.begin));
}

void Safetensors::forget(const StoredTensor& tensor) const { m_file.forget(bytes(tensor)); }

Result<void> Safetensors::checkReadable(const StoredTensor& tensor, std::size_t values) const
{
    const auto refuse = [&](std::string sentence) {
        return Error { ErrorCode::Model, std::move(sentence), m_path.string() };
    };
    if (!isDecodable(tensor.dtype)) {
        return refuse(fmt::format("tensor {} holds {} numbers; F32, BF16 and F16 can be used as weights",
            dubito::quoted(tensor.name), toWord(tensor.dtype)));
    }
    if (values != static_cast<std::size_t>(tensor.count())) {
        return refuse(fmt::format(
            "tensor {} has {} numbers and {} are wanted", dubito::quoted(tensor.name), tensor.count(), values));
    }
    return {};
}

Result<void> Safetensors::readInto(const StoredTensor& tensor, std::span<float> values) const
{
    if (auto readable = checkReadable(tensor, values.size()); !readable) {
        return readable;
    }
    decode(tensor.dtype, bytes(tensor), values);
    return {};
}

Result<void> Safetensors::readInto(const StoredTensor& tensor, std::span<double> values) const
{
    if (auto readable = checkReadable(tensor, values.size()); !readable) {
        return readable;
    }
    decode(tensor.dtype, bytes(tensor), values);
    return {};
}

Result<void> Safetensors::readPiece(const StoredTensor& tensor, std::size_t first, std::span<float> values) const
{
    if (auto readable = checkReadable(tensor, static_cast<std::size_t>(tensor.count())); !readable) {
        return readable;
    }
    const std::size_t width = bytesOf(tensor.dtype);
    const auto piece = bytes(tensor).subspan(first * width, values.size() * width);
    decode(tensor.dtype, piece, values);
    m_file.forget(piece);
    return {};
}

} // namespace dubito::model
