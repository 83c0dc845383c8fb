// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/MappedFile.h"
#include "backend/model/Dtype.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::model {

/// One tensor as the header of a file describes it; begin and end count from the start of the data section.
struct StoredTensor {
    std::string name;
    Dtype dtype = Dtype::F32;
    std::vector<std::int64_t> shape; ///< row-major; empty for a scalar
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    std::int64_t count() const { return static_cast<std::int64_t>((end - begin) / bytesOf(dtype)); }
};

/// "[4, 16]": a shape for people.
std::string shapeToText(std::span<const std::int64_t> shape);

/// A safetensors file, mapped: its header is read and checked at once, its numbers when they are asked for.
///
/// No header is trusted: a file is refused in a sentence unless every byte of the data section belongs to exactly one
/// tensor whose shape and dtype explain it. Nothing large is allocated for a lie. Values are not judged here.
/// Immutable after open(): any thread.
class Safetensors {
public:
    /// ErrorCode::Model; NotFound when there is no such file.
    static Result<Safetensors> open(const std::filesystem::path& path);

    /// In the order of their data.
    std::span<const StoredTensor> tensors() const { return m_tensors; }

    /// nullptr when there is none of that name.
    const StoredTensor* find(std::string_view name) const;

    const std::map<std::string, std::string>& metadata() const { return m_metadata; }
    const std::filesystem::path& path() const { return m_path; }

    /// The stored bytes; they may lie at any alignment. Requires: `tensor` is of this file.
    std::span<const std::byte> bytes(const StoredTensor& tensor) const;

    /// Gives the pages of a tensor back to the system; they are read again when somebody asks.
    void forget(const StoredTensor& tensor) const;

    /// Decoded from F64, F32, BF16 or F16; ErrorCode::Model for an integer type or another number of elements.
    Result<void> readInto(const StoredTensor& tensor, std::span<float> values) const;
    Result<void> readInto(const StoredTensor& tensor, std::span<double> values) const;

    /// Numbers from `first` on, as many as `values` has, and gives their pages back. Requires: they are in the tensor.
    Result<void> readPiece(const StoredTensor& tensor, std::size_t first, std::span<float> values) const;

private:
    Result<void> checkReadable(const StoredTensor& tensor, std::size_t values) const;

    std::filesystem::path m_path;
    MappedFile m_file;
    std::size_t m_dataBegin = 0;
    std::vector<StoredTensor> m_tensors;
    std::map<std::string, std::size_t, std::less<>> m_byName;
    std::map<std::string, std::string> m_metadata;
};

} // namespace dubito::model
