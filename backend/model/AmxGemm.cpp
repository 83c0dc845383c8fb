// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/AmxGemm.h"

#include "backend/base/Check.h"
#include "backend/model/TilePacking.h"

#include <algorithm>
#include <array>
#include <vector>

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace dubito::model {

#if defined(__x86_64__) && defined(__linux__)

namespace {

/// Numbers of a sum between two looks at the result: what 32 columns of them take stays in the first cache.
constexpr std::int64_t kDeepest = 320;
/// What is packed at a time of the operand that is gone over again and again, and of the other.
constexpr std::int64_t kResidentTiles = 1024;
constexpr std::int64_t kPassingTiles = 512;
/// Rows and columns of the result that are computed together: 2 x 2 tiles.
constexpr std::int64_t kSquare = 2 * Tile::kSide;
constexpr std::int64_t kTileRowBytes = 64;

/// The names of the tile registers: four of the result, two of each operand.
enum Register : int { kOut00, kOut01, kOut10, kOut11, kLeft0, kLeft1, kRight0, kRight1 };

template <int Name>
inline void loadTile(const void* from, std::int64_t stride)
{
    asm volatile("tileloadd (%0,%1,1), %%tmm%c2" : : "r"(from), "r"(stride), "i"(Name) : "memory");
}

template <int Name>
inline void storeTile(void* to, std::int64_t stride)
{
    asm volatile("tilestored %%tmm%c2, (%0,%1,1)" : : "r"(to), "r"(stride), "i"(Name) : "memory");
}

template <int Name>
inline void clearTile()
{
    asm volatile("tilezero %%tmm%c0" : : "i"(Name));
}

template <int Out, int Left, int Right>
inline void addProduct()
{
    asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(Out), "i"(Left), "i"(Right));
}

/// All tiles whole, for as long as it lives; the registers belong to the thread.
class TileRegisters {
public:
    TileRegisters()
    {
        alignas(64) static constexpr Configuration kWhole {};
        asm volatile("ldtilecfg %0" : : "m"(kWhole) : "memory");
    }
    ~TileRegisters() { asm volatile("tilerelease" : : : "memory"); }
    TileRegisters(const TileRegisters&) = delete;
    TileRegisters& operator=(const TileRegisters&) = delete;

private:
    struct Configuration {
        std::uint8_t palette = 1;
        std::uint8_t startRow = 0;
        std::array<std::uint8_t, 14> reserved {};
        std::array<std::uint16_t, 16> rowBytes { 64, 64, 64, 64, 64, 64, 64, 64 };
        std::array<std::uint8_t, 16> rows { 16, 16, 16, 16, 16, 16, 16, 16 };
    };
};

/// Two rows and two columns of tiles and the square of the result that they give.
struct Square {
    const Tile* left;
    const Tile* right;
    std::int64_t depth; ///< in tiles
    float* out;
    std::int64_t stride; ///< of the result, in bytes
    Into into;
};

void computeSquare(const Square& square)
{
    // Copies: the compiler takes every tile instruction for one that may write to memory.
    const std::int64_t stride = square.stride;
    const std::int64_t depth = square.depth;
    const Tile* const left0 = square.left;
    const Tile* const left1 = left0 + depth;
    const Tile* const right0 = square.right;
    const Tile* const right1 = right0 + depth;
    char* const upper = reinterpret_cast<char*>(square.out);
    char* const lower = upper + Tile::kSide * stride;
    if (square.into == Into::Add) {
        loadTile<kOut00>(upper, stride);
        loadTile<kOut01>(upper + kTileRowBytes, stride);
        loadTile<kOut10>(lower, stride);
        loadTile<kOut11>(lower + kTileRowBytes, stride);
    } else {
        clearTile<kOut00>();
        clearTile<kOut01>();
        clearTile<kOut10>();
        clearTile<kOut11>();
    }
    for (std::int64_t k = 0; k < depth; ++k) {
        loadTile<kLeft0>(left0 + k, kTileRowBytes);
        loadTile<kRight0>(right0 + k, kTileRowBytes);
        loadTile<kRight1>(right1 + k, kTileRowBytes);
        loadTile<kLeft1>(left1 + k, kTileRowBytes);
        addProduct<kOut00, kLeft0, kRight0>();
        addProduct<kOut01, kLeft0, kRight1>();
        addProduct<kOut10, kLeft1, kRight0>();
        addProduct<kOut11, kLeft1, kRight1>();
    }
    storeTile<kOut00>(upper, stride);
    storeTile<kOut01>(upper + kTileRowBytes, stride);
    storeTile<kOut10>(lower, stride);
    storeTile<kOut11>(lower + kTileRowBytes, stride);
}

/// A square at the edge of the result, which reaches over it.
void computeEdge(const Square& square, std::int64_t rows, std::int64_t columns)
{
    alignas(64) std::array<float, kSquare * kSquare> room {};
    const std::int64_t stride = square.stride / static_cast<std::int64_t>(sizeof(float));
    for (std::int64_t r = 0; square.into == Into::Add && r < rows; ++r) {
        std::copy_n(square.out + r * stride, columns, room.data() + r * kSquare);
    }
    Square inside = square;
    inside.out = room.data();
    inside.stride = kSquare * static_cast<std::int64_t>(sizeof(float));
    computeSquare(inside);
    for (std::int64_t r = 0; r < rows; ++r) {
        std::copy_n(room.data() + r * kSquare, columns, square.out + r * stride);
    }
}

/// What is packed of both operands, whole squares of it.
struct Rooms {
    std::vector<Tile> resident { static_cast<std::size_t>(kResidentTiles) };
    std::vector<Tile> passing { static_cast<std::size_t>(kPassingTiles) };
};

/// Packs, and empties what a whole square needs beyond it.
void packSquares(Tile* tiles, TileSide side, const TileSource& source)
{
    packTiles(tiles, side, source);
    const std::int64_t filled = tilesFor(source.count, source.depth);
    const std::int64_t wanted = tilesFor((source.count + kSquare - 1) / kSquare * kSquare, source.depth);
    std::fill(tiles + filled, tiles + wanted, Tile {});
}

/// The most rows or columns, in whole squares, that fit so many tiles.
std::int64_t mostFor(std::int64_t tiles, std::int64_t depth)
{
    const std::int64_t deep = (depth + Tile::kDepth - 1) / Tile::kDepth;
    return std::max(kSquare, tiles / deep / 2 * kSquare);
}

/// The parts of one pair of packed operands.
struct Packed {
    const Tile* left;
    const Tile* right;
    std::int64_t depth; ///< in tiles
};

void computeBlock(Matrix<float> out, const Packed& packed, TileSide passing, Into into)
{
    const auto stride = out.stride * static_cast<std::int64_t>(sizeof(float));
    const auto compute = [&](std::int64_t row, std::int64_t column) {
        const Square square { packed.left + row / Tile::kSide * packed.depth,
            packed.right + column / Tile::kSide * packed.depth, packed.depth, out.row(row) + column, stride, into };
        const std::int64_t rows = std::min(kSquare, out.rows - row);
        const std::int64_t columns = std::min(kSquare, out.columns - column);
        return rows == kSquare && columns == kSquare ? computeSquare(square) : computeEdge(square, rows, columns);
    };
    if (passing == TileSide::Left) {
        for (std::int64_t row = 0; row < out.rows; row += kSquare) {
            for (std::int64_t column = 0; column < out.columns; column += kSquare) {
                compute(row, column);
            }
        }
    } else {
        for (std::int64_t column = 0; column < out.columns; column += kSquare) {
            for (std::int64_t row = 0; row < out.rows; row += kSquare) {
                compute(row, column);
            }
        }
    }
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
    const std::int64_t depth = (left.depth + Tile::kDepth - 1) / Tile::kDepth;
    const std::int64_t most = mostFor(kResidentTiles, left.depth);
    const std::int64_t step = mostFor(kPassingTiles, left.depth);
    for (std::int64_t begin = 0; begin < resident.count; begin += most) {
        const std::int64_t end = std::min(resident.count, begin + most);
        packSquares(rooms.resident.data(), residentSide, resident.part(begin, end - begin, 0, left.depth));
        for (std::int64_t from = 0; from < passing.count; from += step) {
            const std::int64_t to = std::min(passing.count, from + step);
            packSquares(rooms.passing.data(), passingSide, passing.part(from, to - from, 0, left.depth));
            const Packed packed { leftStays ? rooms.resident.data() : rooms.passing.data(),
                leftStays ? rooms.passing.data() : rooms.resident.data(), depth };
            const auto square = leftStays ? out.rowsBetween(begin, end).columnsBetween(from, to)
                                          : out.rowsBetween(from, to).columnsBetween(begin, end);
            computeBlock(square, packed, passingSide, into);
        }
    }
}

bool processorHasAmx()
{
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    constexpr unsigned kAmxBf16 = 1U << 22U;
    constexpr unsigned kAmxTile = 1U << 24U;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (d & kAmxBf16) == 0 || (d & kAmxTile) == 0) {
        return false;
    }
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0
        && __builtin_cpu_supports("avx512vl") != 0;
}

/// Tile registers are large, so Linux gives them only to a process that asks.
bool systemAllowsTiles()
{
    constexpr long kRequestPermission = 0x1023;
    constexpr long kTileData = 18;
    return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

} // namespace

bool amxIsUsable()
{
    static const bool isUsable = processorHasAmx() && systemAllowsTiles();
    return isUsable;
}

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

#else

bool amxIsUsable() { return false; }

void amxProduct(ProductKind, Matrix<float>, Matrix<const Bf16>, Matrix<const Bf16>, Into)
{
    CHECK(false, "a product by tiles on a processor without them");
}

#endif

} // namespace dubito::model
