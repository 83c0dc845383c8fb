// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/TileProduct.h"

#include "backend/base/Check.h"

#include <algorithm>
#include <array>

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace dubito::model {

#if defined(__x86_64__) && defined(__linux__)

namespace {

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

struct Configuration {
    std::uint8_t palette = 1;
    std::uint8_t startRow = 0;
    std::array<std::uint8_t, 14> reserved {};
    std::array<std::uint16_t, 16> rowBytes { 64, 64, 64, 64, 64, 64, 64, 64 };
    std::array<std::uint8_t, 16> rows { 16, 16, 16, 16, 16, 16, 16, 16 };
};

/// Two rows and two columns of tiles and the square of the result that they give.
struct Square {
    const Tile* left;
    const Tile* right;
    std::int64_t leftPerRow;
    std::int64_t rightPerRow;
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
    const Tile* const left1 = left0 + square.leftPerRow;
    const Tile* const right0 = square.right;
    const Tile* const right1 = right0 + square.rightPerRow;
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
    alignas(64) std::array<float, kTileSquare * kTileSquare> room {};
    const std::int64_t stride = square.stride / static_cast<std::int64_t>(sizeof(float));
    for (std::int64_t r = 0; square.into == Into::Add && r < rows; ++r) {
        std::copy_n(square.out + r * stride, columns, room.data() + r * kTileSquare);
    }
    Square inside = square;
    inside.out = room.data();
    inside.stride = kTileSquare * static_cast<std::int64_t>(sizeof(float));
    computeSquare(inside);
    for (std::int64_t r = 0; r < rows; ++r) {
        std::copy_n(room.data() + r * kTileSquare, columns, square.out + r * stride);
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

TileRegisters::TileRegisters()
{
    alignas(64) static constexpr Configuration kWhole {};
    asm volatile("ldtilecfg %0" : : "m"(kWhole) : "memory");
}

TileRegisters::~TileRegisters() { asm volatile("tilerelease" : : : "memory"); }

void tileProduct(Matrix<float> out, const PackedPair& packed, TileSide outer, Into into)
{
    const auto stride = out.stride * static_cast<std::int64_t>(sizeof(float));
    const auto compute = [&](std::int64_t row, std::int64_t column) {
        const Square square { packed.left.at(row), packed.right.at(column), packed.left.perRow, packed.right.perRow,
            packed.depth, out.row(row) + column, stride, into };
        const std::int64_t rows = std::min(kTileSquare, out.rows - row);
        const std::int64_t columns = std::min(kTileSquare, out.columns - column);
        return rows == kTileSquare && columns == kTileSquare ? computeSquare(square)
                                                            : computeEdge(square, rows, columns);
    };
    const bool leftIsOuter = outer == TileSide::Left;
    const std::int64_t outerCount = leftIsOuter ? out.rows : out.columns;
    const std::int64_t innerCount = leftIsOuter ? out.columns : out.rows;
    for (std::int64_t index = 0; index < outerCount; index += kTileSquare) {
        for (std::int64_t other = 0; other < innerCount; other += kTileSquare) {
            leftIsOuter ? compute(index, other) : compute(other, index);
        }
    }
}

#else

bool amxIsUsable() { return false; }

TileRegisters::TileRegisters() { CHECK(false, "tile registers on a processor without them"); }
TileRegisters::~TileRegisters() = default;

void tileProduct(Matrix<float>, const PackedPair&, TileSide, Into)
{
    CHECK(false, "a product by tiles on a processor without them");
}

#endif

} // namespace dubito::model
