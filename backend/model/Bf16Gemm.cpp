// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Bf16Gemm.h"

#include "backend/base/Check.h"
#include "backend/model/AmxGemm.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace dubito::model {

namespace {

/// Room of one thread that only grows, to the largest panel there was.
template <typename T>
std::vector<T>& roomOfThread()
{
    thread_local std::vector<T> room;
    return room;
}

/// Weights widened at a time, 4 MiB of them: used while they are in the cache, and products stay large.
constexpr std::int64_t kPanel = std::int64_t { 1 } << 20;

/// `rows` as float32 in the room of this thread.
Matrix<const float> widenedPanel(Matrix<const Bf16> rows)
{
    auto& room = roomOfThread<float>();
    room.resize(std::max(room.size(), static_cast<std::size_t>(rows.rows * rows.columns)));
    const Matrix<float> panel(room.data(), rows.rows, rows.columns);
    widenRows(panel, rows);
    return panel;
}

/// Calls `body(begin, end)` for panels of the rows of a weight, all of about the same height.
template <typename Body>
void forPanels(Matrix<const Bf16> weight, const Body& body)
{
    const std::int64_t most = std::max(kGrain, kPanel / std::max<std::int64_t>(1, weight.columns));
    const std::int64_t panels = std::max<std::int64_t>(1, (weight.rows + most - 1) / most);
    const std::int64_t height = ((weight.rows + panels - 1) / panels + kGrain - 1) / kGrain * kGrain;
    for (std::int64_t begin = 0; begin < weight.rows; begin += height) {
        body(begin, std::min(weight.rows, begin + height));
    }
}

/// Both operands widened whole: where the processor has no BF16.
struct Widened {
    std::vector<float> left;
    std::vector<float> right;
};

Matrix<const float> widenInto(std::vector<float>& room, Matrix<const Bf16> narrow)
{
    room.resize(static_cast<std::size_t>(narrow.rows * narrow.columns));
    const Matrix<float> wide(room.data(), narrow.rows, narrow.columns);
    widenRows(wide, narrow);
    return wide;
}

void product(ProductKind kind, Matrix<float> out, Matrix<const Bf16> a, Matrix<const Bf16> b, Into into)
{
    if (out.rows == 0 || out.columns == 0) {
        return; // a thread whose share is empty widens nothing
    }
    if (bf16Support() != Bf16Support::None && a.rows > 0 && a.columns > 0) {
        const ProductTimer timer;
        nativeBf16Product(kind, out, a, b, into);
        return;
    }
    thread_local Widened room;
    const auto wideA = widenInto(room.left, a);
    const auto wideB = widenInto(room.right, b);
    switch (kind) {
    case ProductKind::NormalTransposed:
        return multiplyTransposed<float>(out, wideA, wideB, into);
    case ProductKind::NormalNormal:
        return multiply<float>(out, wideA, wideB, into);
    case ProductKind::TransposedNormal:
        return transposedMultiply<float>(out, wideA, wideB, into);
    }
}

} // namespace

void multiplyTransposed(Matrix<float> out, Matrix<const Bf16> a, Matrix<const Bf16> b, Into into)
{
    CHECK(out.rows == a.rows && out.columns == b.rows && a.columns == b.columns, "shapes of a product do not fit");
    product(ProductKind::NormalTransposed, out, a, b, into);
}

void multiply(Matrix<float> out, Matrix<const Bf16> a, Matrix<const Bf16> b, Into into)
{
    CHECK(out.rows == a.rows && out.columns == b.columns && a.columns == b.rows, "shapes of a product do not fit");
    product(ProductKind::NormalNormal, out, a, b, into);
}

void transposedMultiply(Matrix<float> out, Matrix<const Bf16> a, Matrix<const Bf16> b, Into into)
{
    CHECK(out.rows == a.columns && out.columns == b.columns && a.rows == b.rows, "shapes of a product do not fit");
    product(ProductKind::TransposedNormal, out, a, b, into);
}

void multiplyTransposed(Matrix<float> out, Matrix<const float> a, Matrix<const Bf16> b, Into into)
{
    CHECK(out.rows == a.rows && out.columns == b.rows && a.columns == b.columns, "shapes of a product do not fit");
    if (amxPays(out.rows, out.columns, a.columns)) {
        const ProductTimer timer;
        return amxProduct(ProductKind::NormalTransposed, out, a, b, into);
    }
    forPanels(b, [&](std::int64_t begin, std::int64_t end) {
        multiplyTransposed<float>(out.columnsBetween(begin, end), a, widenedPanel(b.rowsBetween(begin, end)), into);
    });
}

void multiply(Matrix<float> out, Matrix<const float> a, Matrix<const Bf16> b, Into into)
{
    CHECK(out.rows == a.rows && out.columns == b.columns && a.columns == b.rows, "shapes of a product do not fit");
    if (amxPays(out.rows, out.columns, a.columns)) {
        const ProductTimer timer;
        return amxProduct(ProductKind::NormalNormal, out, a, b, into);
    }
    forPanels(b, [&](std::int64_t begin, std::int64_t end) {
        multiply<float>(out, a.columnsBetween(begin, end), widenedPanel(b.rowsBetween(begin, end)),
            begin == 0 ? into : Into::Add);
    });
}

const char* bf16Instructions()
{
    switch (bf16Support()) {
    case Bf16Support::Amx:
        return "AMX";
    case Bf16Support::Avx512:
        return "avx512_bf16";
    case Bf16Support::None:
        break;
    }
    return "none";
}

Result<void> checkBf16Products()
{
    if (bf16Support() != Bf16Support::None) {
        return {};
    }
    return Error { ErrorCode::Usage,
        fmt::format("products in BF16 need a processor with AMX, or one with avx512_bf16 and oneDNN; here is {} on a processor "
                    "that would be slower with them than with float32; use --precision f32",
            productLibrary()),
        "training.precision" };
}

} // namespace dubito::model
