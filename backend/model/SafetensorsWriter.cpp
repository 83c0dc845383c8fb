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

std::string headerOf(std::span<const TensorPlan> plans, std::map<std::string, std::string> metadata)
{
    metadata.emplace("format", "pt");
    nlohmann::ordered_json header;
    header["__metadata__"] = metadata;
    std::set<std::string_view> names;
    std::uint64_t begin = 0;
    for (const TensorPlan& plan : plans) {
        CHECK(isDecodable(plan.dtype), "only floating-point tensors are written");
        CHECK(names.insert(plan.name).second, "a tensor is written once");
        const std::uint64_t end = begin + plan.bytes();
        header[plan.name] = { { "dtype", toWord(plan.dtype) }, { "shape", plan.shape }, { "data_offsets", { begin, end } } };
        begin = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' '); // so that the data is aligned
    return text;
}

Result<void> writeValues(AtomicFile& file, Dtype dtype, std::span<const float> values, std::vector<std::byte>& buffer)
{
    if (dtype == Dtype::F32) {
        return file.write(std::as_bytes(values));
    }
    for (std::size_t done = 0; done < values.size(); done += kPiece) {
        const auto piece = values.subspan(done, std::min(kPiece, values.size() - done));
        buffer.resize(piece.size() * bytesOf(dtype));
        encode(dtype, piece, buffer);
        if (auto written = file.write(buffer); !written) {
            return written;
        }
    }
    return {};
}

} // namespace

std::uint64_t TensorPlan::count() const
{
    return static_cast<std::uint64_t>(
        std::accumulate(shape.begin(), shape.end(), std::int64_t { 1 }, std::multiplies<>()));
}

Result<FileSum> streamSafetensors(const std::filesystem::path& path, std::span<const TensorPlan> plans,
    const TensorNumbers& numbers, std::map<std::string, std::string> metadata)
{
    auto file = AtomicFile::create(path);
    if (!file) {
        return file.error();
    }
    const std::string header = headerOf(plans, std::move(metadata));
    const std::uint64_t length = header.size();
    if (auto written = file->write(std::as_bytes(std::span(&length, 1))); !written) {
        return written.error();
    }
    if (auto written = file->write(header); !written) {
        return written.error();
    }
    std::vector<std::byte> buffer;
    for (const TensorPlan& plan : plans) {
        const auto values = numbers(plan);
        if (!values) {
            return values.error();
        }
        CHECK(values->size() == plan.count(), "a shape explains its values");
        if (auto written = writeValues(*file, plan.dtype, *values, buffer); !written) {
            return written.error();
        }
    }
    if (auto committed = file->commit(); !committed) {
        return committed.error();
    }
    return file->sum();
}

Result<FileSum> writeSafetensors(const std::filesystem::path& path, std::span<const TensorToWrite> tensors,
    std::map<std::string, std::string> metadata)
{
    std::vector<TensorPlan> plans;
    for (const TensorToWrite& tensor : tensors) {
        plans.push_back({ tensor.name, tensor.shape, tensor.dtype });
    }
    std::size_t next = 0;
    return streamSafetensors(
        path, plans, [&](const TensorPlan&) -> Result<std::span<const float>> { return tensors[next++].values; },
        std::move(metadata));
}

} // namespace dubito::model
