// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/SafetensorsWriter.h"

#include "backend/base/Check.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>
#include <set>

namespace dubito::model {

namespace {

/// Numbers that are coded at a time when they are not written as they are.
constexpr std::size_t kPiece = std::size_t { 1 } << 16;

std::string headerOf(std::span<const TensorToWrite> tensors, std::map<std::string, std::string> metadata)
{
    metadata.emplace("format", "pt");
    nlohmann::ordered_json header;
    header["__metadata__"] = metadata;
    std::set<std::string_view> names;
    std::uint64_t begin = 0;
    for (const TensorToWrite& tensor : tensors) {
        const auto count
            = std::accumulate(tensor.shape.begin(), tensor.shape.end(), std::int64_t { 1 }, std::multiplies<>());
        CHECK(static_cast<std::size_t>(count) == tensor.values.size(), "a shape explains its values");
        CHECK(isDecodable(tensor.dtype), "only floating-point tensors are written");
        CHECK(names.insert(tensor.name).second, "a tensor is written once");
        const std::uint64_t end = begin + tensor.values.size() * bytesOf(tensor.dtype);
        header[tensor.name]
            = { { "dtype", toWord(tensor.dtype) }, { "shape", tensor.shape }, { "data_offsets", { begin, end } } };
        begin = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' '); // so that the data is aligned
    return text;
}

Result<void> writeValues(AtomicFile& file, const TensorToWrite& tensor, std::vector<std::byte>& buffer)
{
    if (tensor.dtype == Dtype::F32) {
        return file.write(std::as_bytes(tensor.values));
    }
    for (std::size_t done = 0; done < tensor.values.size(); done += kPiece) {
        const auto piece = tensor.values.subspan(done, std::min(kPiece, tensor.values.size() - done));
        buffer.resize(piece.size() * bytesOf(tensor.dtype));
        encode(tensor.dtype, piece, buffer);
        if (auto written = file.write(buffer); !written) {
            return written;
        }
    }
    return {};
}

} // namespace

Result<FileSum> writeSafetensors(const std::filesystem::path& path, std::span<const TensorToWrite> tensors,
    std::map<std::string, std::string> metadata)
{
    auto file = AtomicFile::create(path);
    if (!file) {
        return file.error();
    }
    const std::string header = headerOf(tensors, std::move(metadata));
    const std::uint64_t length = header.size();
    if (auto written = file->write(std::as_bytes(std::span(&length, 1))); !written) {
        return written.error();
    }
    if (auto written = file->write(header); !written) {
        return written.error();
    }
    std::vector<std::byte> buffer;
    for (const TensorToWrite& tensor : tensors) {
        if (auto written = writeValues(*file, tensor, buffer); !written) {
            return written.error();
        }
    }
    if (auto committed = file->commit(); !committed) {
        return committed.error();
    }
    return file->sum();
}

} // namespace dubito::model
