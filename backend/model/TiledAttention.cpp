// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/TiledAttention.h"

#include "backend/base/VectorClones.h"
#include "backend/model/Softmax.h"
#include "backend/model/TileProduct.h"

#include <algorithm>

namespace dubito::model {

namespace {

constexpr std::int64_t kBlockRows = AttentionScratch<float>::kBlockRows;
/// High, low, high: see splitRow().
constexpr std::int64_t kSplitParts = 3;

/// x = high + low but for 2^-17 of it. (high, low, high) of the left times (high, high, low) of the right is the product
/// without low times low.
DUBITO_VECTOR_CLONES
void splitRow(Bf16* __restrict out, const float* __restrict in, std::int64_t count, TileSide side)
{
    Bf16* const second = out + count;
    Bf16* const third = second + count;
    const bool isLeft = side == TileSide::Left;
    for (std::int64_t i = 0; i < count; ++i) {
        const Bf16 high = rounded(in[i]);
        const Bf16 low = rounded(in[i] - widened(high));
        out[i] = high;
        second[i] = isLeft ? low : high;
        third[i] = isLeft ? high : low;
    }
}

/// Tiles to be packed, as PackedTiles are read.
struct TileRoom {
    Tile* tiles = nullptr;
    std::int64_t perRow = 0;

    operator PackedTiles() const { return { tiles, perRow }; }
    Tile* at(std::int64_t row, std::int64_t depth) const
    {
        return tiles + row / Tile::kSide * perRow + depth / Tile::kDepth;
    }
};

/// The room of a thread: tiles are taken from it in the order of the calls.
class HeadRoom {
public:
    HeadRoom(const AttentionScratch<float>& scratch, std::int64_t headDim)
        : m_tiles(scratch.tiles)
        , m_numbers(scratch.numbers)
        , m_headDim(headDim)
    {
    }

    /// Tiles so far.
    std::int64_t taken() const { return m_taken; }

    /// For so many rows or columns of the result and numbers of a sum.
    TileRoom take(std::int64_t count, std::int64_t depth)
    {
        const TileRoom room { m_tiles == nullptr ? nullptr : m_tiles + m_taken, tilesDeep(depth) };
        m_taken += wholeSquares(count) / Tile::kSide * room.perRow;
        return room;
    }

    /// For rows that packSplit() packs.
    TileRoom takeSplit(std::int64_t rows) { return take(rows, kSplitParts * m_headDim); }

    /// For rows that packSummed() packs.
    TileRoom takeSummed(std::int64_t rows) { return take(m_headDim, rows); }

    /// Split in two: sums over the width of the head.
    void packSplit(const TileRoom& to, TileSide side, Matrix<const float> rows) const
    {
        for (std::int64_t begin = 0; begin < rows.rows; begin += kBlockRows) {
            const std::int64_t count = std::min(kBlockRows, rows.rows - begin);
            const Matrix<Bf16> split(m_numbers, count, kSplitParts * m_headDim);
            for (std::int64_t r = 0; r < count; ++r) {
                splitRow(split.row(r), rows.row(begin + r), m_headDim, side);
            }
            packSquares(to.at(begin, 0), to.perRow, side,
                TileSource { split.data, split.stride, count, split.columns, Along::Sum });
        }
    }

    /// Rounded, the right operand: sums over the rows.
    void packSummed(const TileRoom& to, Matrix<const float> rows) const
    {
        for (std::int64_t begin = 0; begin < rows.rows; begin += kBlockRows) {
            const std::int64_t end = std::min(rows.rows, begin + kBlockRows);
            const Matrix<Bf16> narrow(m_numbers, end - begin, m_headDim);
            narrowRows(narrow, rows.rowsBetween(begin, end));
            packSquares(to.at(0, begin), to.perRow, TileSide::Right,
                TileSource { narrow.data, narrow.stride, m_headDim, end - begin, Along::Result });
        }
    }

private:
    Tile* m_tiles;
    std::int64_t m_taken = 0;
    Bf16* m_numbers; ///< (kBlockRows, kSplitParts * D)
    std::int64_t m_headDim;
};

/// The numbers of a block rounded where they stand: they are gone then.
Matrix<const Bf16> narrowedInPlace(Matrix<float> block)
{
    constexpr std::int64_t kRatio = sizeof(float) / sizeof(Bf16);
    const Matrix<Bf16> same(reinterpret_cast<Bf16*>(block.data), block.rows, block.columns, block.stride * kRatio);
    narrowRows(same, block);
    return same;
}

/// A block as the left operand of sums over its columns.
void packWeights(const TileRoom& to, Matrix<const Bf16> block)
{
    packSquares(to.tiles, to.perRow, TileSide::Left,
        TileSource { block.data, block.stride, block.rows, block.columns, Along::Sum });
}

/// The same of sums over its rows.
void packTransposed(const TileRoom& to, Matrix<const Bf16> block)
{
    packSquares(to.tiles, to.perRow, TileSide::Left,
        TileSource { block.data, block.stride, block.columns, block.rows, Along::Result });
}

/// `depth`: numbers of the sum; `outer` as tileProduct() has it.
void product(Matrix<float> out, const TileRoom& left, const TileRoom& right, std::int64_t depth, Into into)
{
    const ProductTimer timer;
    const TileSide outer = out.rows > out.columns ? TileSide::Left : TileSide::Right;
    tileProduct(out, { left, right, tilesDeep(depth) }, outer, into);
}

/// Weights (rows of the block, keys) of the query rows [begin, …): both directions compute them here.
void weightsOf(Matrix<float> out, const TileRoom& queries, const TileRoom& keys, std::int64_t begin, std::int64_t headDim)
{
    product(out, queries, keys, kSplitParts * headDim, Into::Overwrite);
    softmaxForward<float>(out, begin + 1, scoreScale<float>(headDim));
}

/// One head on its way back.
struct Head {
    Matrix<const float> queries;
    Matrix<const float> dOut;
    Matrix<float> dQueries;
    Matrix<float> dKeys;
    Matrix<float> dValues;
};

/// Packed once for all heads of a group, and room for what is packed for each block.
struct BackwardTiles {
    BackwardTiles(HeadRoom& room, std::int64_t T)
        : keys(room.takeSplit(T))
        , values(room.takeSplit(T))
        , keysSummed(room.takeSummed(T))
        , queries(room.takeSplit(kBlockRows))
        , dOut(room.takeSplit(kBlockRows))
        , queriesSummed(room.takeSummed(kBlockRows))
        , dOutSummed(room.takeSummed(kBlockRows))
        , weights(room.take(kBlockRows, T))
        , transposed(room.take(T, kBlockRows))
    {
    }

    TileRoom keys;
    TileRoom values;
    TileRoom keysSummed;
    TileRoom queries;
    TileRoom dOut;
    TileRoom queriesSummed;
    TileRoom dOutSummed;
    TileRoom weights;
    TileRoom transposed;
};

struct ForwardTiles {
    ForwardTiles(HeadRoom& room, std::int64_t T)
        : keys(room.takeSplit(T))
        , valuesSummed(room.takeSummed(T))
        , queries(room.takeSplit(kBlockRows))
        , weights(room.take(kBlockRows, T))
    {
    }

    TileRoom keys;
    TileRoom valuesSummed;
    TileRoom queries;
    TileRoom weights;
};

void backwardBlock(const Head& head, const HeadRoom& room, const BackwardTiles& tiles, std::int64_t begin,
    const AttentionScratch<float>& scratch)
{
    const std::int64_t end = std::min(head.queries.rows, begin + kBlockRows);
    const std::int64_t D = head.queries.columns;
    const auto weights = fitted(scratch.scores, end - begin, end);
    const auto gradients = fitted(scratch.gradients, end - begin, end);
    const auto queries = head.queries.rowsBetween(begin, end);
    const auto dOut = head.dOut.rowsBetween(begin, end);
    room.packSplit(tiles.queries, TileSide::Left, queries);
    room.packSplit(tiles.dOut, TileSide::Left, dOut);
    room.packSummed(tiles.queriesSummed, queries);
    room.packSummed(tiles.dOutSummed, dOut);
    weightsOf(weights, tiles.queries, tiles.keys, begin, D);
    product(gradients, tiles.dOut, tiles.values, kSplitParts * D, Into::Overwrite);
    softmaxBackward<float>(gradients, weights, begin + 1, scoreScale<float>(D));
    packTransposed(tiles.transposed, narrowedInPlace(weights));
    product(head.dValues.rowsBetween(0, end), tiles.transposed, tiles.dOutSummed, end - begin, Into::Add);
    const auto dScores = narrowedInPlace(gradients);
    packWeights(tiles.weights, dScores);
    packTransposed(tiles.transposed, dScores);
    product(head.dQueries.rowsBetween(begin, end), tiles.weights, tiles.keysSummed, end, Into::Overwrite);
    product(head.dKeys.rowsBetween(0, end), tiles.transposed, tiles.queriesSummed, end - begin, Into::Add);
}

} // namespace

void tiledAttentionForward(Matrix<float> out, Matrix<const float> qkv, const HeadShape& shape, std::int64_t kvHead,
    const AttentionScratch<float>& scratch)
{
    const std::int64_t D = shape.headDim;
    HeadRoom room(scratch, D);
    const ForwardTiles tiles(room, qkv.rows);
    const TileRegisters registers;
    room.packSplit(tiles.keys, TileSide::Right, shape.keysOf(qkv, kvHead));
    room.packSummed(tiles.valuesSummed, shape.valuesOf(qkv, kvHead));
    for (std::int64_t head = kvHead * shape.group(); head < (kvHead + 1) * shape.group(); ++head) {
        for (std::int64_t begin = 0; begin < qkv.rows; begin += kBlockRows) {
            const std::int64_t end = std::min(qkv.rows, begin + kBlockRows);
            const auto weights = fitted(scratch.scores, end - begin, end);
            room.packSplit(tiles.queries, TileSide::Left, shape.queriesOf(qkv, head).rowsBetween(begin, end));
            weightsOf(weights, tiles.queries, tiles.keys, begin, D);
            packWeights(tiles.weights, narrowedInPlace(weights));
            product(shape.queriesOf(out, head).rowsBetween(begin, end), tiles.weights, tiles.valuesSummed, end,
                Into::Overwrite);
        }
    }
}

void tiledAttentionBackward(const AttentionGradient<float>& gradient, Matrix<const float> qkv, const HeadShape& shape,
    std::int64_t kvHead, const AttentionScratch<float>& scratch)
{
    HeadRoom room(scratch, shape.headDim);
    const BackwardTiles tiles(room, qkv.rows);
    const TileRegisters registers;
    const auto keys = shape.keysOf(qkv, kvHead);
    const auto dKeys = shape.keysOf(gradient.qkv, kvHead);
    const auto dValues = shape.valuesOf(gradient.qkv, kvHead);
    room.packSplit(tiles.keys, TileSide::Right, keys);
    room.packSplit(tiles.values, TileSide::Right, shape.valuesOf(qkv, kvHead));
    room.packSummed(tiles.keysSummed, keys);
    clearRows(dKeys);
    clearRows(dValues);
    for (std::int64_t head = kvHead * shape.group(); head < (kvHead + 1) * shape.group(); ++head) {
        const Head parts { shape.queriesOf(qkv, head), shape.queriesOf(gradient.out, head),
            shape.queriesOf(gradient.qkv, head), dKeys, dValues };
        for (std::int64_t begin = 0; begin < qkv.rows; begin += kBlockRows) {
            backwardBlock(parts, room, tiles, begin, scratch);
        }
    }
}

TiledAttentionRoom TiledAttentionRoom::of(std::int64_t T, std::int64_t headDim)
{
    // Counted with the room of the way back, which is the larger one.
    HeadRoom room({}, headDim);
    const BackwardTiles tiles(room, T);
    return { room.taken(), kBlockRows * kSplitParts * headDim };
}

} // namespace dubito::model
