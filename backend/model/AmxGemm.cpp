// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/AmxGemm.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace dubito::model {

namespace {

/// Numbers of a sum between two looks at the result. Of BF16 what 32 columns of them take stays in the first cache;
/// tiles of a float32 are multiplied six times when they are there, so they may come from the second, and the result is
/// seen less often.
template <typename Left>
constexpr std::int64_t kDeepest = kTileParts<Left> == 1 ? 320 : 640;
/// What is packed at a time of the operand that is gone over again and again, and of the other.
constexpr std::int64_t kResidentTiles = 1024;
template <typename Left>
constexpr std::int64_t kPassingTiles = kTileParts<Left> == 1 ? 512 : 256;
/// What is packed of both operands, whole squares of it.
struct Rooms {
    std::vector<Tile> resident { static_cast<std::size_t>(kResidentTiles) };
    std::vector<Tile> passing { static_cast<std::size_t>(kPassingTiles<Bf16>) };
};

/// What one thread packs into.
Rooms& roomsOfThread()
{
    thread_local Rooms rooms;
    return rooms;
}

/// The most rows or columns, in whole squares, that fit so many tiles, of sums that take `perRow` of them.
std::int64_t mostFor(std::int64_t tiles, std::int64_t perRow)
{
    return std::max(kTileSquare, tiles / perRow / 2 * kTileSquare);
}

/// A layer of the sum: the operand that stays is packed in large pieces, the other passes by in small ones.
/// `compute(begin, end, stays, from, to, passes)`: a square of the result and what it is the product of.
template <typename Left, typename Stays, typename Passes, typename Compute>
void packAndCompute(
    const TileSource<Stays>& resident, TileSide residentSide, const TileSource<Passes>& passing, const Compute& compute)
{
    Rooms& rooms = roomsOfThread();
    const TileSide passingSide = residentSide == TileSide::Left ? TileSide::Right : TileSide::Left;
    const std::int64_t depth = resident.depth;
    const PackedTiles stays { rooms.resident.data(), tilesFor<Stays>(1, depth) };
    const PackedTiles passes { rooms.passing.data(), tilesFor<Passes>(1, depth) };
    const std::int64_t most = mostFor(kResidentTiles, stays.perRow);
    const std::int64_t step = mostFor(kPassingTiles<Left>, passes.perRow);
    for (std::int64_t begin = 0; begin < resident.count; begin += most) {
        const std::int64_t end = std::min(resident.count, begin + most);
        packSquares(rooms.resident.data(), stays.perRow, residentSide, resident.part(begin, end - begin, 0, depth));
        for (std::int64_t from = 0; from < passing.count; from += step) {
            const std::int64_t to = std::min(passing.count, from + step);
            packSquares(rooms.passing.data(), passes.perRow, passingSide, passing.part(from, to - from, 0, depth));
            compute(begin, end, stays, from, to, passes);
        }
    }
}

/// The smaller operand stays.
template <typename Left, typename Right>
void computeLayer(Matrix<float> out, const TileSource<Left>& left, const TileSource<Right>& right, Into into)
{
    const std::int64_t depth = tilesDeep(left.depth);
    if (left.count <= right.count) {
        packAndCompute<Left>(left, TileSide::Left, right,
            [&](std::int64_t begin, std::int64_t end, PackedTiles stays, std::int64_t from, std::int64_t to,
                PackedTiles passes) {
                tileProduct<Left, Right>(out.rowsBetween(begin, end).columnsBetween(from, to), { stays, passes, depth },
                    TileSide::Right, into);
            });
    } else {
        packAndCompute<Left>(right, TileSide::Right, left,
            [&](std::int64_t begin, std::int64_t end, PackedTiles stays, std::int64_t from, std::int64_t to,
                PackedTiles passes) {
                tileProduct<Left, Right>(out.rowsBetween(from, to).columnsBetween(begin, end), { passes, stays, depth },
                    TileSide::Left, into);
            });
    }
}

} // namespace

template <typename Left, typename Right>
void amxProduct(ProductKind kind, Matrix<float> out, Matrix<const Left> a, Matrix<const Right> b, Into into)
{
    const bool sumsRowsOfA = kind == ProductKind::TransposedNormal;
    const bool sumsRowsOfB = kind != ProductKind::NormalTransposed;
    const std::int64_t depth = sumsRowsOfA ? a.rows : a.columns;
    const TileSource<Left> left { a.data, a.stride, out.rows, depth, sumsRowsOfA ? Along::Result : Along::Sum };
    const TileSource<Right> right { b.data, b.stride, out.columns, depth, sumsRowsOfB ? Along::Result : Along::Sum };
    const std::int64_t layers = (depth + kDeepest<Left> - 1) / kDeepest<Left>;
    const std::int64_t height = ((depth + layers - 1) / layers + Tile::kDepth - 1) / Tile::kDepth * Tile::kDepth;
    const TileRegisters registers;
    for (std::int64_t from = 0; from < depth; from += height) {
        const std::int64_t deep = std::min(height, depth - from);
        computeLayer(out, left.part(0, left.count, from, deep), right.part(0, right.count, from, deep),
            from == 0 ? into : Into::Add);
    }
}

bool amxServesFloat()
{
    static const bool serves = [] {
        const char* const told = std::getenv("DUBITO_F32_PRODUCTS");
        return amxIsUsable() && (told == nullptr || std::string_view(told) != "library");
    }();
    return serves;
}

bool amxPays(std::int64_t rows, std::int64_t columns, std::int64_t depth)
{
    if (!amxServesFloat()) {
        return false;
    }
    // Of one thread, as measured (bench/README.md): only their ratios matter.
    constexpr double kLibraryGflopPerS = 150;
    constexpr double kTileGflopPerS = 300;
    constexpr double kPackLeftNs = 0.18; // a number
    constexpr double kPackRightNs = 0.27;
    const auto real = [](std::int64_t count) { return static_cast<double>(count); };
    const double deep = real(tilesDeep(depth) * Tile::kDepth);
    const double squares = real(wholeSquares(rows)) * real(wholeSquares(columns)) * deep;
    const double packing = (kPackLeftNs * real(rows) + kPackRightNs * real(columns)) * deep;
    return 2 * real(rows) * real(columns) * real(depth) / kLibraryGflopPerS > 2 * squares / kTileGflopPerS + packing;
}

template void amxProduct(ProductKind, Matrix<float>, Matrix<const Bf16>, Matrix<const Bf16>, Into);
template void amxProduct(ProductKind, Matrix<float>, Matrix<const float>, Matrix<const Bf16>, Into);
template void amxProduct(ProductKind, Matrix<float>, Matrix<const float>, Matrix<const float>, Into);

} // namespace dubito::model
