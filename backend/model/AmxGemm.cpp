// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/AmxGemm.h"

#include <algorithm>
#include <vector>

namespace dubito::model {

namespace {

/// Numbers of a sum between two looks at the result: what 32 columns of them take stays in the first cache.
constexpr std::int64_t kDeepest = 320;
/// What is packed at a time of the operand that is gone over again and again, and of the other.
constexpr std::int64_t kResidentTiles = 1024;
constexpr std::int64_t kPassingTiles = 512;
/// What is packed of both operands, whole squares of it.
struct Rooms {
    std::vector<Tile> resident { static_cast<std::size_t>(kResidentTiles) };
    std::vector<Tile> passing { static_cast<std::size_t>(kPassingTiles) };
};

/// The most rows or columns, in whole squares, that fit so many tiles.
std::int64_t mostFor(std::int64_t tiles, std::int64_t depth)
{
    const std::int64_t deep = tilesDeep(depth);
    return std::max(kTileSquare, tiles / deep / 2 * kTileSquare);
}

/// A layer of the sum: the smaller operand is packed in large pieces, the larger passes by in small ones.
void computeLayer(Matrix<float> out, const TileSource& left, const TileSource& right, Into into)
{
    thread_local Rooms rooms;
    const bool leftStays = left.count <= right.count;
    const TileSource& resident = leftStays ? left : right;
    const TileSource& passing = leftStays ? right : left;
    const TileSide residentSide = leftStays ? TileSide::Left : TileSide::Right;
    const TileSide passingSide = leftStays ? TileSide::Right : TileSide::Left;
    const std::int64_t depth = tilesDeep(left.depth);
    const std::int64_t most = mostFor(kResidentTiles, left.depth);
    const std::int64_t step = mostFor(kPassingTiles, left.depth);
    for (std::int64_t begin = 0; begin < resident.count; begin += most) {
        const std::int64_t end = std::min(resident.count, begin + most);
        packSquares(rooms.resident.data(), depth, residentSide, resident.part(begin, end - begin, 0, left.depth));
        for (std::int64_t from = 0; from < passing.count; from += step) {
            const std::int64_t to = std::min(passing.count, from + step);
            packSquares(rooms.passing.data(), depth, passingSide, passing.part(from, to - from, 0, left.depth));
            const PackedTiles stays { rooms.resident.data(), depth };
            const PackedTiles passes { rooms.passing.data(), depth };
            const auto square = leftStays ? out.rowsBetween(begin, end).columnsBetween(from, to)
                                          : out.rowsBetween(from, to).columnsBetween(begin, end);
            tileProduct(square, { leftStays ? stays : passes, leftStays ? passes : stays, depth }, passingSide, into);
        }
    }
}

} // namespace

void amxProduct(ProductKind kind, Matrix<float> out, Matrix<const Bf16> a, Matrix<const Bf16> b, Into into)
{
    const bool sumsRowsOfA = kind == ProductKind::TransposedNormal;
    const bool sumsRowsOfB = kind != ProductKind::NormalTransposed;
    const std::int64_t depth = sumsRowsOfA ? a.rows : a.columns;
    const TileSource left { a.data, a.stride, out.rows, depth, sumsRowsOfA ? Along::Result : Along::Sum };
    const TileSource right { b.data, b.stride, out.columns, depth, sumsRowsOfB ? Along::Result : Along::Sum };
    const std::int64_t layers = (depth + kDeepest - 1) / kDeepest;
    const std::int64_t height = ((depth + layers - 1) / layers + Tile::kDepth - 1) / Tile::kDepth * Tile::kDepth;
    const TileRegisters registers;
    for (std::int64_t from = 0; from < depth; from += height) {
        const std::int64_t deep = std::min(height, depth - from);
        computeLayer(out, left.part(0, left.count, from, deep), right.part(0, right.count, from, deep),
            from == 0 ? into : Into::Add);
    }
}

} // namespace dubito::model
