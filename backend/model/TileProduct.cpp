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

/// The lines of the square that comes next, asked for while this one is computed: large results lie outside the caches,
/// and without it a sixth of the time was waiting for them.
class NextSquare {
public:
    /// `line`: where it begins, or nothing. `stride`: in bytes. `depth`: of the square that is computed meanwhile.
    NextSquare(const float* line, std::int64_t stride, std::int64_t depth)
        : m_line(reinterpret_cast<const char*>(line))
        , m_stride(stride)
        , m_left(line == nullptr ? 0 : kTileSquare)
        , m_each((kTileSquare + depth - 1) / depth)
    {
    }

    /// Its share of the rows, once for every depth of the product.
    void prefetch()
    {
        for (std::int64_t i = 0; i < m_each && m_left > 0; ++i, --m_left) {
            __builtin_prefetch(m_line, 1);
            __builtin_prefetch(m_line + kTileRowBytes, 1);
            m_line += m_stride;
        }
    }

private:
    const char* m_line;
    std::int64_t m_stride;
    std::int64_t m_left;
    std::int64_t m_each;
};

/// The parts of a number, as kTileParts counts them.
enum Part : std::int64_t { kHigh, kMiddle, kLow };

/// The tiles that are multiplied: two rows of tiles on the left and two on the right, of one depth.
struct Operands {
    const Tile* left0;
    const Tile* left1;
    const Tile* right0;
    const Tile* right1;

    void loadLeft(std::int64_t part) const
    {
        loadTile<kLeft0>(left0 + part, kTileRowBytes);
        loadTile<kLeft1>(left1 + part, kTileRowBytes);
    }
    void loadRight(std::int64_t part) const
    {
        loadTile<kRight0>(right0 + part, kTileRowBytes);
        loadTile<kRight1>(right1 + part, kTileRowBytes);
    }
};

inline void addProducts()
{
    addProduct<kOut00, kLeft0, kRight0>();
    addProduct<kOut01, kLeft0, kRight1>();
    addProduct<kOut10, kLeft1, kRight0>();
    addProduct<kOut11, kLeft1, kRight1>();
}

/// Two numbers that are three parts each: six products, each a load of one side away from the one before.
inline void addSplitProducts(const Operands& operands)
{
    operands.loadLeft(kHigh);
    operands.loadRight(kLow);
    addProducts();
    operands.loadRight(kMiddle);
    addProducts();
    operands.loadLeft(kMiddle);
    addProducts();
    operands.loadRight(kHigh);
    addProducts();
    operands.loadLeft(kLow);
    addProducts();
    operands.loadLeft(kHigh);
    addProducts();
}

/// One number that is three parts, and a BF16.
inline void addHalfSplitProducts(const Operands& operands)
{
    operands.loadRight(kHigh);
    for (const std::int64_t part : { kLow, kMiddle, kHigh }) {
        operands.loadLeft(part);
        addProducts();
    }
}

template <std::int64_t LeftParts, std::int64_t RightParts>
void computeSquare(const Square& square, NextSquare next)
{
    static_assert(LeftParts >= RightParts, "a BF16 on the left and a float on the right: nobody asked for it yet");
    // Copies: the compiler takes every tile instruction for one that may write to memory.
    const std::int64_t stride = square.stride;
    const std::int64_t depth = square.depth;
    Operands operands { square.left, square.left + square.leftPerRow, square.right, square.right + square.rightPerRow };
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
        next.prefetch();
        if constexpr (RightParts > 1) {
            addSplitProducts(operands);
        } else if constexpr (LeftParts > 1) {
            addHalfSplitProducts(operands);
        } else {
            operands.loadLeft(kHigh);
            operands.loadRight(kHigh);
            addProducts();
        }
        operands.left0 += LeftParts;
        operands.left1 += LeftParts;
        operands.right0 += RightParts;
        operands.right1 += RightParts;
    }
    storeTile<kOut00>(upper, stride);
    storeTile<kOut01>(upper + kTileRowBytes, stride);
    storeTile<kOut10>(lower, stride);
    storeTile<kOut11>(lower + kTileRowBytes, stride);
}

/// A square of its own, for what does not go into the result at once.
struct SquareRoom {
    static constexpr std::int64_t kStride = kTileSquare * static_cast<std::int64_t>(sizeof(float));

    alignas(64) std::array<float, kTileSquare * kTileSquare> numbers {};

    /// `square`, computed here.
    Square standIn(const Square& square, Into into)
    {
        Square inside = square;
        inside.out = numbers.data();
        inside.stride = kStride;
        inside.into = into;
        return inside;
    }
    float* row(std::int64_t r) { return numbers.data() + r * kTileSquare; }
};

float* rowOf(const Square& square, std::int64_t r)
{
    return square.out + r * (square.stride / static_cast<std::int64_t>(sizeof(float)));
}

/// A square at the edge of the result, which reaches over it.
template <std::int64_t LeftParts, std::int64_t RightParts>
void computeEdge(const Square& square, std::int64_t rows, std::int64_t columns)
{
    SquareRoom room;
    for (std::int64_t r = 0; square.into == Into::Add && r < rows; ++r) {
        std::copy_n(rowOf(square, r), columns, room.row(r));
    }
    computeSquare<LeftParts, RightParts>(room.standIn(square, square.into), { nullptr, 0, square.depth });
    for (std::int64_t r = 0; r < rows; ++r) {
        std::copy_n(room.row(r), columns, rowOf(square, r));
    }
}

/// Summed up by itself and then added: a sum over thousands of numbers of three parts would be rounded six times for
/// every 32 of them at its full size.
template <std::int64_t LeftParts, std::int64_t RightParts>
__attribute__((target("avx512f"))) void addSquare(
    const Square& square, std::int64_t rows, std::int64_t columns, const NextSquare& next)
{
    SquareRoom room;
    computeSquare<LeftParts, RightParts>(room.standIn(square, Into::Overwrite), next);
    for (std::int64_t r = 0; r < rows; ++r) {
        float* const out = rowOf(square, r);
        const float* const sums = room.row(r);
        for (std::int64_t c = 0; c < columns; ++c) {
            out[c] += sums[c];
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
        && __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512bf16") != 0;
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

template <typename Left, typename Right>
void tileProduct(Matrix<float> out, const PackedPair& packed, TileSide outer, Into into)
{
    const auto stride = out.stride * static_cast<std::int64_t>(sizeof(float));
    const bool leftIsOuter = outer == TileSide::Left;
    const std::int64_t outerCount = leftIsOuter ? out.rows : out.columns;
    const std::int64_t innerCount = leftIsOuter ? out.columns : out.rows;
    const auto at = [&](std::int64_t row, std::int64_t column) { return out.row(row) + column; };
    constexpr std::int64_t leftParts = kTileParts<Left>;
    constexpr std::int64_t rightParts = kTileParts<Right>;
    const auto compute = [&](std::int64_t row, std::int64_t column, const float* after) {
        const Square square { packed.left.at(row), packed.right.at(column), packed.left.perRow, packed.right.perRow,
            packed.depth, at(row, column), stride, into };
        const NextSquare next(after, stride, packed.depth);
        const std::int64_t rows = std::min(kTileSquare, out.rows - row);
        const std::int64_t columns = std::min(kTileSquare, out.columns - column);
        if (leftParts > 1 && into == Into::Add) {
            addSquare<leftParts, rightParts>(square, rows, columns, next);
        } else if (rows == kTileSquare && columns == kTileSquare) {
            computeSquare<leftParts, rightParts>(square, next);
        } else {
            computeEdge<leftParts, rightParts>(square, rows, columns);
        }
    };
    for (std::int64_t index = 0; index < outerCount; index += kTileSquare) {
        for (std::int64_t other = 0; other < innerCount; other += kTileSquare) {
            const std::int64_t after = other + kTileSquare;
            const bool goesOn = after + kTileSquare <= innerCount;
            if (leftIsOuter) {
                compute(index, other, goesOn ? at(index, after) : nullptr);
            } else {
                compute(other, index, goesOn ? at(after, index) : nullptr);
            }
        }
    }
}

#else

bool amxIsUsable() { return false; }

TileRegisters::TileRegisters() { CHECK(false, "tile registers on a processor without them"); }
TileRegisters::~TileRegisters() = default;

template <typename Left, typename Right>
void tileProduct(Matrix<float>, const PackedPair&, TileSide, Into)
{
    CHECK(false, "a product by tiles on a processor without them");
}

#endif

template void tileProduct<Bf16, Bf16>(Matrix<float>, const PackedPair&, TileSide, Into);
template void tileProduct<float, Bf16>(Matrix<float>, const PackedPair&, TileSide, Into);
template void tileProduct<float, float>(Matrix<float>, const PackedPair&, TileSide, Into);

} // namespace dubito::model
