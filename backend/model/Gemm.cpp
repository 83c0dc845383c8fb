// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Gemm.h"

#include "backend/base/Check.h"
#include "backend/model/AmxGemm.h"

#include <Eigen/Core>

#include <algorithm>
#include <atomic>
#include <bit>

#if defined(DUBITO_ONEDNN)
#include <compare>
#include <map>
#include <new>
#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

extern "C" void omp_set_num_threads(int threads);
#endif

namespace dubito::model {

namespace {

std::atomic<std::int64_t> productTime = 0;

template <typename Scalar>
using RowMajor = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <typename Scalar>
auto toEigen(Matrix<const Scalar> matrix)
{
    return Eigen::Map<const RowMajor<Scalar>, 0, Eigen::OuterStride<>>(
        matrix.data, matrix.rows, matrix.columns, Eigen::OuterStride<>(matrix.stride));
}

template <typename Scalar, typename Left, typename Right>
void assign(Matrix<Scalar> out, const Left& a, const Right& b, Into into)
{
    Eigen::Map<RowMajor<Scalar>, 0, Eigen::OuterStride<>> result(
        out.data, out.rows, out.columns, Eigen::OuterStride<>(out.stride));
    if (into == Into::Add) {
        result.noalias() += a * b;
    } else {
        result.noalias() = a * b;
    }
}

template <typename Scalar>
void eigenProduct(ProductKind kind, Matrix<Scalar> out, Matrix<const Scalar> a, Matrix<const Scalar> b, Into into)
{
    switch (kind) {
    case ProductKind::NormalTransposed:
        return assign(out, toEigen(a), toEigen(b).transpose(), into);
    case ProductKind::NormalNormal:
        return assign(out, toEigen(a), toEigen(b), into);
    case ProductKind::TransposedNormal:
        return assign(out, toEigen(a).transpose(), toEigen(b), into);
    }
}

/// Numbers of one sum.
template <typename T>
std::int64_t depthOf(ProductKind kind, Matrix<const T> a)
{
    return kind == ProductKind::TransposedNormal ? a.rows : a.columns;
}

#if defined(DUBITO_ONEDNN)
/// Want of memory travels as from any allocation; every other refusal is a mistake of ours.
void requireDone(dnnl_status_t status)
{
    if (status == dnnl_out_of_memory) {
        throw std::bad_alloc();
    }
    CHECK(status == dnnl_success, "the matrix library refused a product");
}

/// oneDNN with no threads but the caller's: the number is a property of the thread, so it is said at every call.
void libraryProduct(ProductKind kind, Matrix<float> out, Matrix<const float> a, Matrix<const float> b, Into into)
{
    omp_set_num_threads(1);
    const char transposeA = kind == ProductKind::TransposedNormal ? 'T' : 'N';
    const char transposeB = kind == ProductKind::NormalTransposed ? 'T' : 'N';
    requireDone(dnnl_sgemm(transposeA, transposeB, out.rows, out.columns, depthOf(kind, a), 1.0F, a.data, a.stride,
        b.data, b.stride, into == Into::Add ? 1.0F : 0.0F, out.data, out.stride));
}

bool hasIsa(dnnl_cpu_isa_t isa)
{
    const auto wanted = static_cast<unsigned>(isa);
    return (static_cast<unsigned>(dnnl_get_effective_cpu_isa()) & wanted) == wanted;
}

/// What the library makes code for.
struct Shape {
    ProductKind kind {};
    Into into {};
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t inner = 0;
    std::int64_t strideA = 0;
    std::int64_t strideB = 0;
    std::int64_t strideOut = 0;

    auto operator<=>(const Shape&) const = default;
};

/// The library's code for a shape, with memory objects that are pointed at the operands of each call.
class Prepared {
public:
    Prepared(const Shape& shape, const dnnl::engine& engine)
    {
        using dnnl::memory;
        const auto bf16 = memory::data_type::bf16;
        const bool transposeA = shape.kind == ProductKind::TransposedNormal;
        const bool transposeB = shape.kind == ProductKind::NormalTransposed;
        const memory::desc a({ shape.rows, shape.inner }, bf16,
            transposeA ? memory::dims { 1, shape.strideA } : memory::dims { shape.strideA, 1 });
        const memory::desc b({ shape.inner, shape.columns }, bf16,
            transposeB ? memory::dims { 1, shape.strideB } : memory::dims { shape.strideB, 1 });
        const memory::desc out(
            { shape.rows, shape.columns }, memory::data_type::f32, memory::dims { shape.strideOut, 1 });
        dnnl::primitive_attr attributes;
        attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
        if (shape.into == Into::Add) {
            dnnl::post_ops sum;
            sum.append_sum(1.0F);
            attributes.set_post_ops(sum);
        }
        const dnnl::matmul::primitive_desc description(dnnl::matmul::desc(a, b, out), attributes, engine);
        m_product = dnnl::matmul(description);
        m_a = memory(a, engine, nullptr);
        m_b = memory(b, engine, nullptr);
        m_out = memory(out, engine, nullptr);
        m_scratch = memory(description.scratchpad_desc(), engine, nullptr);
        m_scratchBytes = description.scratchpad_desc().get_size();
    }

    std::size_t scratchBytes() const { return m_scratchBytes; }

    void run(const dnnl::stream& stream, const Bf16* a, const Bf16* b, float* out, void* scratch) const
    {
        // The library's interface has no const; it only reads its sources.
        m_a.set_data_handle(const_cast<Bf16*>(a));
        m_b.set_data_handle(const_cast<Bf16*>(b));
        m_out.set_data_handle(out);
        m_scratch.set_data_handle(scratch);
        const dnnl_exec_arg_t arguments[] { { DNNL_ARG_SRC, m_a.get() }, { DNNL_ARG_WEIGHTS, m_b.get() },
            { DNNL_ARG_DST, m_out.get() }, { DNNL_ARG_SCRATCHPAD, m_scratch.get() } };
        requireDone(dnnl_primitive_execute(m_product.get(), stream.get(), 4, arguments));
    }

private:
    dnnl::matmul m_product;
    dnnl::memory m_a;
    dnnl::memory m_b;
    dnnl::memory m_out;
    dnnl::memory m_scratch;
    std::size_t m_scratchBytes = 0;
};

/// The code of one thread; forgotten when there are too many shapes, so that it never grows without end.
class PreparedProducts {
public:
    void run(const Shape& shape, const Bf16* a, const Bf16* b, float* out)
    {
        constexpr std::size_t kMostShapes = 768;
        auto found = m_products.find(shape);
        if (found == m_products.end()) {
            if (m_products.size() >= kMostShapes) {
                m_products.clear();
            }
            found = m_products.try_emplace(shape, shape, m_engine).first;
        }
        const Prepared& product = found->second;
        if (m_scratch.size() * sizeof(Line) < product.scratchBytes()) {
            m_scratch.resize(product.scratchBytes() / sizeof(Line) + 1);
        }
        product.run(m_stream, a, b, out, m_scratch.data());
    }

private:
    struct alignas(64) Line {
        std::byte bytes[64];
    };

    dnnl::engine m_engine { dnnl::engine::kind::cpu, 0 };
    dnnl::stream m_stream { m_engine };
    std::map<Shape, Prepared> m_products;
    std::vector<Line> m_scratch;
};

/// The most of `left` rows that are a shape of their own: what paddedRows() gives, and powers of two below that.
std::int64_t rowsOfOneProduct(std::int64_t left)
{
    const std::int64_t whole = left / paddingGrain(left) * paddingGrain(left);
    return whole > 0 ? whole : static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(left)));
}

void productOfBf16(ProductKind kind, Matrix<float> out, Matrix<const Bf16> a, Matrix<const Bf16> b, Into into)
{
    thread_local PreparedProducts products;
    omp_set_num_threads(1);
    const std::int64_t inner = depthOf(kind, a);
    if (kind == ProductKind::TransposedNormal) {
        products.run(
            { kind, into, out.rows, out.columns, inner, a.stride, b.stride, out.stride }, a.data, b.data, out.data);
        return;
    }
    for (std::int64_t begin = 0; begin < out.rows;) {
        const std::int64_t rows = rowsOfOneProduct(out.rows - begin);
        products.run({ kind, into, rows, out.columns, inner, a.stride, b.stride, out.stride }, a.row(begin), b.data,
            out.row(begin));
        begin += rows;
    }
}
#else
void libraryProduct(ProductKind kind, Matrix<float> out, Matrix<const float> a, Matrix<const float> b, Into into)
{
    eigenProduct(kind, out, a, b, into);
}
#endif

void product(ProductKind kind, Matrix<float> out, Matrix<const float> a, Matrix<const float> b, Into into)
{
    if (amxPays(out.rows, out.columns, depthOf(kind, a))) {
        amxProduct(kind, out, a, b, into);
    } else {
        libraryProduct(kind, out, a, b, into);
    }
}

void product(ProductKind kind, Matrix<double> out, Matrix<const double> a, Matrix<const double> b, Into into)
{
    eigenProduct(kind, out, a, b, into);
}

/// A sum over nothing is 0; the libraries differ in what they leave then.
template <typename Scalar>
bool isTrivial(Matrix<Scalar> out, std::int64_t inner, Into into)
{
    if (out.rows == 0 || out.columns == 0) {
        return true;
    }
    if (inner == 0 && into == Into::Overwrite) {
        for (std::int64_t i = 0; i < out.rows; ++i) {
            std::fill_n(out.row(i), out.columns, Scalar { 0 });
        }
    }
    return inner == 0;
}

} // namespace

template <typename Scalar>
void multiplyTransposed(Matrix<Scalar> out, Matrix<const Scalar> a, Matrix<const Scalar> b, Into into)
{
    CHECK(out.rows == a.rows && out.columns == b.rows && a.columns == b.columns, "shapes of a product do not fit");
    if (!isTrivial(out, a.columns, into)) {
        const ProductTimer timer;
        product(ProductKind::NormalTransposed, out, a, b, into);
    }
}

template <typename Scalar>
void multiply(Matrix<Scalar> out, Matrix<const Scalar> a, Matrix<const Scalar> b, Into into)
{
    CHECK(out.rows == a.rows && out.columns == b.columns && a.columns == b.rows, "shapes of a product do not fit");
    if (!isTrivial(out, a.columns, into)) {
        const ProductTimer timer;
        product(ProductKind::NormalNormal, out, a, b, into);
    }
}

template <typename Scalar>
void transposedMultiply(Matrix<Scalar> out, Matrix<const Scalar> a, Matrix<const Scalar> b, Into into)
{
    CHECK(out.rows == a.columns && out.columns == b.columns && a.rows == b.rows, "shapes of a product do not fit");
    if (!isTrivial(out, a.rows, into)) {
        const ProductTimer timer;
        product(ProductKind::TransposedNormal, out, a, b, into);
    }
}

ProductTimer::~ProductTimer()
{
    const auto spent = std::chrono::steady_clock::now() - m_begin;
    productTime.fetch_add(
        std::chrono::duration_cast<std::chrono::nanoseconds>(spent).count(), std::memory_order_relaxed);
}

std::int64_t productNanoseconds() { return productTime.load(std::memory_order_relaxed); }

Bf16Support bf16Support()
{
    if (amxIsUsable()) {
        return Bf16Support::Amx;
    }
#if defined(DUBITO_ONEDNN)
    static const bool hasProducts = hasIsa(dnnl_cpu_isa_avx512_core_bf16);
    return hasProducts ? Bf16Support::Avx512 : Bf16Support::None;
#else
    return Bf16Support::None;
#endif
}

void nativeBf16Product(
    ProductKind kind, Matrix<float> out, Matrix<const Bf16> a, Matrix<const Bf16> b, Into into)
{
    if (amxIsUsable()) {
        return amxProduct(kind, out, a, b, into);
    }
#if defined(DUBITO_ONEDNN)
    productOfBf16(kind, out, a, b, into);
#else
    CHECK(bf16Support() != Bf16Support::None, "a BF16 product without the library for it");
#endif
}

const char* productLibrary()
{
#if defined(DUBITO_ONEDNN)
    return "oneDNN";
#else
    return "Eigen";
#endif
}

template void multiplyTransposed(Matrix<float>, Matrix<const float>, Matrix<const float>, Into);
template void multiplyTransposed(Matrix<double>, Matrix<const double>, Matrix<const double>, Into);
template void multiply(Matrix<float>, Matrix<const float>, Matrix<const float>, Into);
template void multiply(Matrix<double>, Matrix<const double>, Matrix<const double>, Into);
template void transposedMultiply(Matrix<float>, Matrix<const float>, Matrix<const float>, Into);
template void transposedMultiply(Matrix<double>, Matrix<const double>, Matrix<const double>, Into);

} // namespace dubito::model
