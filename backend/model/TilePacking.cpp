// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/TilePacking.h"

#include "backend/base/Check.h"

#include <algorithm>
#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace dubito::model {

TileSource TileSource::part(std::int64_t first, std::int64_t counted, std::int64_t from, std::int64_t deep) const
{
    const std::int64_t offset = along == Along::Sum ? first * stride + from : from * stride + first;
    return { data + offset, stride, counted, deep, along };
}

#if defined(__x86_64__)
#define DUBITO_TILES __attribute__((target("avx512f,avx512bw,avx512vl")))

namespace {

/// 16 x 16 pairs.
struct Pairs {
    __m512i rows[16];
};

/// The first `count` of `most` lanes, as a mask.
std::uint32_t firstLanes(std::int64_t count, std::int64_t most)
{
    const std::int64_t lanes = std::clamp<std::int64_t>(count, 0, most);
    return static_cast<std::uint32_t>((std::uint64_t { 1 } << static_cast<unsigned>(lanes)) - 1);
}

/// Up to 16 rows of up to 32 numbers.
DUBITO_TILES inline void readAlongSum(Pairs& pairs, const TileSource& source)
{
    const __mmask32 mask = firstLanes(source.depth, Tile::kDepth);
    for (std::int64_t i = 0; i < Tile::kSide; ++i) {
        pairs.rows[i] = i < source.count ? _mm512_maskz_loadu_epi16(mask, source.data + i * source.stride)
                                         : _mm512_setzero_si512();
    }
}

/// Up to 32 rows of up to 16 numbers: two rows become one of pairs.
DUBITO_TILES inline void readAcrossSum(Pairs& pairs, const TileSource& source)
{
    const auto mask = static_cast<__mmask16>(firstLanes(source.count, Tile::kSide));
    for (std::int64_t i = 0; i < Tile::kSide; ++i) {
        __m512i row = _mm512_setzero_si512();
        if (2 * i < source.depth) {
            row = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, source.data + 2 * i * source.stride));
        }
        if (2 * i + 1 < source.depth) {
            const __m256i odd = _mm256_maskz_loadu_epi16(mask, source.data + (2 * i + 1) * source.stride);
            row = _mm512_or_si512(row, _mm512_slli_epi32(_mm512_cvtepu16_epi32(odd), 16));
        }
        pairs.rows[i] = row;
    }
}

DUBITO_TILES inline void transpose(Pairs& pairs)
{
    __m512i* const r = pairs.rows;
    __m512i two[16];
    for (int i = 0; i < 16; i += 2) {
        two[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        two[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
    // four[4g + c] holds column 4l + c of rows 4g … 4g + 3 in its quarter l.
    __m512i four[16];
    for (int i = 0; i < 16; i += 4) {
        four[i] = _mm512_unpacklo_epi64(two[i], two[i + 2]);
        four[i + 1] = _mm512_unpackhi_epi64(two[i], two[i + 2]);
        four[i + 2] = _mm512_unpacklo_epi64(two[i + 1], two[i + 3]);
        four[i + 3] = _mm512_unpackhi_epi64(two[i + 1], two[i + 3]);
    }
    for (int c = 0; c < 4; ++c) {
        const __m512i evenUpper = _mm512_shuffle_i32x4(four[c], four[4 + c], 0x88);
        const __m512i evenLower = _mm512_shuffle_i32x4(four[8 + c], four[12 + c], 0x88);
        const __m512i oddUpper = _mm512_shuffle_i32x4(four[c], four[4 + c], 0xDD);
        const __m512i oddLower = _mm512_shuffle_i32x4(four[8 + c], four[12 + c], 0xDD);
        r[c] = _mm512_shuffle_i32x4(evenUpper, evenLower, 0x88);
        r[4 + c] = _mm512_shuffle_i32x4(oddUpper, oddLower, 0x88);
        r[8 + c] = _mm512_shuffle_i32x4(evenUpper, evenLower, 0xDD);
        r[12 + c] = _mm512_shuffle_i32x4(oddUpper, oddLower, 0xDD);
    }
}

/// Where the tiles of an operand go.
struct Destination {
    Tile* tiles;
    std::int64_t perRow;
};

template <Along along, bool transposed>
DUBITO_TILES void pack(const Destination& to, const TileSource& source)
{
    for (std::int64_t first = 0; first < source.count; first += Tile::kSide) {
        Tile* tile = to.tiles + first / Tile::kSide * to.perRow;
        for (std::int64_t from = 0; from < source.depth; from += Tile::kDepth) {
            const auto piece = source.part(first, std::min(Tile::kSide, source.count - first), from,
                std::min(Tile::kDepth, source.depth - from));
            Pairs pairs;
            if constexpr (along == Along::Sum) {
                readAlongSum(pairs, piece);
            } else {
                readAcrossSum(pairs, piece);
            }
            if constexpr (transposed) {
                transpose(pairs);
            }
            for (std::int64_t i = 0; i < Tile::kSide; ++i) {
                _mm512_store_si512(tile->numbers + i * Tile::kDepth, pairs.rows[i]);
            }
            ++tile;
        }
    }
}

/// Two rows of the source become one of each of two tiles.
DUBITO_TILES inline void interleave(Tile* left, Tile* right, std::int64_t row, const __m512i& even, const __m512i& odd)
{
    // Number 2i of a tile's row is number i of the even source row, 2i + 1 of the odd one; 32 and more mean the odd one.
    alignas(64) static constexpr auto kOrder = [] {
        std::array<std::uint16_t, 64> order {};
        for (std::size_t i = 0; i < order.size(); ++i) {
            order[i] = static_cast<std::uint16_t>(i / 2 + i % 2 * 32);
        }
        return order;
    }();
    const __m512i lower = _mm512_permutex2var_epi16(even, _mm512_load_si512(kOrder.data()), odd);
    const __m512i upper = _mm512_permutex2var_epi16(even, _mm512_load_si512(kOrder.data() + 32), odd);
    _mm512_store_si512(left->numbers + row * Tile::kDepth, lower);
    _mm512_store_si512(right->numbers + row * Tile::kDepth, upper);
}

/// The right operand across the sum, two tiles side by side: whole lines are read. Requires: 32 columns, whole tiles.
DUBITO_TILES void packPairs(const Destination& to, const TileSource& source)
{
    for (std::int64_t first = 0; first < source.count; first += kTileSquare) {
        Tile* left = to.tiles + first / Tile::kSide * to.perRow;
        const Bf16* from = source.data + first;
        for (std::int64_t k = 0; k < source.depth; k += Tile::kDepth) {
            for (std::int64_t row = 0; row < Tile::kSide; ++row) {
                const __m512i even = _mm512_loadu_si512(from);
                const __m512i odd = _mm512_loadu_si512(from + source.stride);
                interleave(left, left + to.perRow, row, even, odd);
                from += 2 * source.stride;
            }
            ++left;
        }
    }
}

bool isWhole(const TileSource& source)
{
    return source.count % kTileSquare == 0 && source.depth % Tile::kDepth == 0;
}

} // namespace

void packTiles(Tile* tiles, std::int64_t perRow, TileSide side, const TileSource& source)
{
    const bool isLeft = side == TileSide::Left;
    const Destination to { tiles, perRow };
    if (source.along == Along::Sum) {
        return isLeft ? pack<Along::Sum, false>(to, source) : pack<Along::Sum, true>(to, source);
    }
    if (isLeft) {
        return pack<Along::Result, true>(to, source);
    }
    return isWhole(source) ? packPairs(to, source) : pack<Along::Result, false>(to, source);
}
#else
void packTiles(Tile*, std::int64_t, TileSide, const TileSource&)
{
    CHECK(false, "tiles are packed for a processor that has none");
}
#endif

void packSquares(Tile* tiles, std::int64_t perRow, TileSide side, const TileSource& source)
{
    packTiles(tiles, perRow, side, source);
    const std::int64_t deep = tilesDeep(source.depth);
    const std::int64_t filled = tilesFor(source.count, 1);
    for (std::int64_t row = filled; row < wholeSquares(source.count) / Tile::kSide; ++row) {
        std::fill_n(tiles + row * perRow, deep, Tile {});
    }
}

} // namespace dubito::model
