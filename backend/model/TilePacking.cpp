// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/TilePacking.h"

#include "backend/base/Check.h"

#include <algorithm>
#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace dubito::model {

#if defined(__x86_64__)
#define DUBITO_TILES __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))

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
DUBITO_TILES inline void readAlongSum(Pairs (&part)[1], const TileSource<Bf16>& source)
{
    Pairs& pairs = part[0];
    const __mmask32 mask = firstLanes(source.depth, Tile::kDepth);
    for (std::int64_t i = 0; i < Tile::kSide; ++i) {
        pairs.rows[i] = i < source.count ? _mm512_maskz_loadu_epi16(mask, source.data + i * source.stride)
                                         : _mm512_setzero_si512();
    }
}

/// 32 numbers and what is left of them.
struct Numbers {
    __m512 lower;
    __m512 upper;
};

/// The nearest BF16, taken off the numbers. Exact: what is left has fewer digits than before.
DUBITO_TILES inline __m512i takePart(Numbers& numbers)
{
    const auto part = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(numbers.upper, numbers.lower));
    const __m512i lower = _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm512_castsi512_si256(part)), 16);
    const __m512i upper = _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(part, 1)), 16);
    numbers.lower = _mm512_sub_ps(numbers.lower, _mm512_castsi512_ps(lower));
    numbers.upper = _mm512_sub_ps(numbers.upper, _mm512_castsi512_ps(upper));
    return part;
}

DUBITO_TILES inline void readAlongSum(Pairs (&parts)[3], const TileSource<float>& source)
{
    const auto lower = static_cast<__mmask16>(firstLanes(source.depth, Tile::kDepth / 2));
    const auto upper = static_cast<__mmask16>(firstLanes(source.depth - Tile::kDepth / 2, Tile::kDepth / 2));
    for (std::int64_t i = 0; i < Tile::kSide; ++i) {
        Numbers numbers { _mm512_setzero_ps(), _mm512_setzero_ps() };
        if (i < source.count) {
            const float* const row = source.data + i * source.stride;
            numbers = { _mm512_maskz_loadu_ps(lower, row), _mm512_maskz_loadu_ps(upper, row + Tile::kDepth / 2) };
        }
        for (Pairs& part : parts) {
            part.rows[i] = takePart(numbers);
        }
    }
}

/// Up to 32 rows of up to 16 numbers: two rows become one of pairs.
DUBITO_TILES inline void readAcrossSum(Pairs (&parts)[3], const TileSource<float>& source)
{
    // Number i of the first row, number i of the second.
    alignas(64) static constexpr auto kOrder = [] {
        std::array<std::uint16_t, 32> order {};
        for (std::size_t i = 0; i < order.size(); ++i) {
            order[i] = static_cast<std::uint16_t>(i / 2 + i % 2 * 16);
        }
        return order;
    }();
    const __m512i order = _mm512_load_si512(kOrder.data());
    const auto mask = static_cast<__mmask16>(firstLanes(source.count, Tile::kSide));
    for (std::int64_t i = 0; i < Tile::kSide; ++i) {
        Numbers numbers { _mm512_setzero_ps(), _mm512_setzero_ps() };
        if (2 * i < source.depth) {
            numbers.lower = _mm512_maskz_loadu_ps(mask, source.data + 2 * i * source.stride);
        }
        if (2 * i + 1 < source.depth) {
            numbers.upper = _mm512_maskz_loadu_ps(mask, source.data + (2 * i + 1) * source.stride);
        }
        for (Pairs& part : parts) {
            part.rows[i] = _mm512_permutexvar_epi16(order, takePart(numbers));
        }
    }
}

/// The same of BF16.
DUBITO_TILES inline void readAcrossSum(Pairs (&part)[1], const TileSource<Bf16>& source)
{
    Pairs& pairs = part[0];
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

/// Asks for the numbers that are packed two tiles later (across the sum) or as the next 16 sums (along it): short
/// pieces of far rows, which the processor does not foresee. (GCC takes a function that only prefetches for one without
/// an effect, and drops its calls: so it must be inline.)
template <Along along, typename T>
[[gnu::always_inline]] inline void prefetchAfter(const TileSource<T>& source, std::int64_t first, std::int64_t from)
{
    constexpr std::int64_t kLine = 64 / sizeof(T);
    const bool isAlong = along == Along::Sum;
    const std::int64_t sum = isAlong ? first + Tile::kSide : first;
    const std::int64_t depth = isAlong ? from : from + 2 * Tile::kDepth;
    if (sum >= source.count || depth >= source.depth) {
        return;
    }
    const T* row = source.part(sum, 0, depth, 0).data;
    const std::int64_t rows
        = isAlong ? std::min(Tile::kSide, source.count - sum) : std::min(Tile::kDepth, source.depth - depth);
    for (std::int64_t i = 0; i < rows; ++i) {
        __builtin_prefetch(row);
        if (isAlong && kLine < Tile::kDepth) {
            __builtin_prefetch(row + kLine);
        }
        row += source.stride;
    }
}

/// Where the tiles of an operand go.
struct Destination {
    Tile* tiles;
    std::int64_t perRow;
};

template <Along along, bool transposed, typename T>
DUBITO_TILES void pack(const Destination& to, const TileSource<T>& source)
{
    for (std::int64_t first = 0; first < source.count; first += Tile::kSide) {
        Tile* tile = to.tiles + first / Tile::kSide * to.perRow;
        for (std::int64_t from = 0; from < source.depth; from += Tile::kDepth) {
            const auto piece = source.part(first, std::min(Tile::kSide, source.count - first), from,
                std::min(Tile::kDepth, source.depth - from));
            prefetchAfter<along>(source, first, from);
            Pairs parts[kTileParts<T>];
            if constexpr (along == Along::Sum) {
                readAlongSum(parts, piece);
            } else {
                readAcrossSum(parts, piece);
            }
            for (Pairs& pairs : parts) {
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
DUBITO_TILES void packPairs(const Destination& to, const TileSource<Bf16>& source)
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

bool isWhole(const TileSource<Bf16>& source)
{
    return source.count % kTileSquare == 0 && source.depth % Tile::kDepth == 0;
}

void packAcross(const Destination& to, const TileSource<Bf16>& source)
{
    isWhole(source) ? packPairs(to, source) : pack<Along::Result, false>(to, source);
}

void packAcross(const Destination& to, const TileSource<float>& source) { pack<Along::Result, false>(to, source); }

} // namespace

template <typename T>
void packTiles(Tile* tiles, std::int64_t perRow, TileSide side, const TileSource<T>& source)
{
    const bool isLeft = side == TileSide::Left;
    const Destination to { tiles, perRow };
    if (source.along == Along::Sum) {
        return isLeft ? pack<Along::Sum, false>(to, source) : pack<Along::Sum, true>(to, source);
    }
    isLeft ? pack<Along::Result, true>(to, source) : packAcross(to, source);
}
#else
template <typename T>
void packTiles(Tile*, std::int64_t, TileSide, const TileSource<T>&)
{
    CHECK(false, "tiles are packed for a processor that has none");
}
#endif

template <typename T>
void packSquares(Tile* tiles, std::int64_t perRow, TileSide side, const TileSource<T>& source)
{
    packTiles(tiles, perRow, side, source);
    const std::int64_t deep = tilesFor<T>(1, source.depth);
    const std::int64_t filled = (source.count + Tile::kSide - 1) / Tile::kSide;
    for (std::int64_t row = filled; row < wholeSquares(source.count) / Tile::kSide; ++row) {
        std::fill_n(tiles + row * perRow, deep, Tile {});
    }
}

template void packTiles(Tile*, std::int64_t, TileSide, const TileSource<Bf16>&);
template void packTiles(Tile*, std::int64_t, TileSide, const TileSource<float>&);
template void packSquares(Tile*, std::int64_t, TileSide, const TileSource<Bf16>&);
template void packSquares(Tile*, std::int64_t, TileSide, const TileSource<float>&);

} // namespace dubito::model
