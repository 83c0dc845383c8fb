// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/Gemm.h"

#include "backend/base/Check.h"

#include <Eigen/Core>

#include <algorithm>
#include <atomic>
#include <chrono>

#if defined(DUBITO_ONEDNN)
#include <oneapi/dnnl/dnnl.h>

extern "C" void omp_set_num_threads(int threads);
#endif

namespace dubito::model {

namespace {

std::atomic<std::int64_t> productTime = 0;

/// Adds the life of a product to productTime.
class ProductTimer {
public:
    ProductTimer() = default;
    ProductTimer(const ProductTimer&) = delete;
    ProductTimer& operator=(const ProductTimer&) = delete;
    ~ProductTimer()
    {
        const auto spent = std::chrono::steady_clock::now() - m_begin;
        productTime.fetch_add(
            std::chrono::duration_cast<std::chrono::nanoseconds>(spent).count(), std::memory_order_relaxed);
    }

private:
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

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

#if defined(DUBITO_ONEDNN)
/// oneDNN with no threads but the caller's: the number is a property of the thread, so it is said at every call.
void product(char transposeA, char transposeB, Matrix<float> out, Matrix<const float> a, Matrix<const float> b, Into into)
{
    omp_set_num_threads(1);
    const std::int64_t inner = transposeA == 'T' ? a.rows : a.columns;
    const auto status = dnnl_sgemm(transposeA, transposeB, out.rows, out.columns, inner, 1.0F, a.data, a.stride, b.data,
        b.stride, into == Into::Add ? 1.0F : 0.0F, out.data, out.stride);
    CHECK(status == dnnl_success, "the matrix library refused a product");
}
#else
void product(char transposeA, char transposeB, Matrix<float> out, Matrix<const float> a, Matrix<const float> b, Into into)
{
    if (transposeA == 'T') {
        assign(out, toEigen(a).transpose(), toEigen(b), into);
    } else if (transposeB == 'T') {
        assign(out, toEigen(a), toEigen(b).transpose(), into);
    } else {
        assign(out, toEigen(a), toEigen(b), into);
    }
}
#endif

void product(
    char transposeA, char transposeB, Matrix<double> out, Matrix<const double> a, Matrix<const double> b, Into into)
{
    if (transposeA == 'T') {
        assign(out, toEigen(a).transpose(), toEigen(b), into);
    } else if (transposeB == 'T') {
        assign(out, toEigen(a), toEigen(b).transpose(), into);
    } else {
        assign(out, toEigen(a), toEigen(b), into);
    }
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
        product('N', 'T', out, a, b, into);
    }
}

template <typename Scalar>
void multiply(Matrix<Scalar> out, Matrix<const Scalar> a, Matrix<const Scalar> b, Into into)
{
    CHECK(out.rows == a.rows && out.columns == b.columns && a.columns == b.rows, "shapes of a product do not fit");
    if (!isTrivial(out, a.columns, into)) {
        const ProductTimer timer;
        product('N', 'N', out, a, b, into);
    }
}

template <typename Scalar>
void transposedMultiply(Matrix<Scalar> out, Matrix<const Scalar> a, Matrix<const Scalar> b, Into into)
{
    CHECK(out.rows == a.columns && out.columns == b.columns && a.rows == b.rows, "shapes of a product do not fit");
    if (!isTrivial(out, a.rows, into)) {
        const ProductTimer timer;
        product('T', 'N', out, a, b, into);
    }
}

std::int64_t productNanoseconds() { return productTime.load(std::memory_order_relaxed); }

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
