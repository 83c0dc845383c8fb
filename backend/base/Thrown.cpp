// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Thrown.h"

#include <new>
#include <system_error>

namespace dubito {

Error errorOf(const std::exception_ptr& thrown, const std::string& where)
{
    try {
        std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
        return { ErrorCode::Memory,
            "the system has no more memory to give; close other programs, train a smaller batch or raise the limit (ulimit -v)",
            where };
    } catch (const std::system_error& e) {
        if (e.code() == std::errc::resource_unavailable_try_again) {
            return { ErrorCode::Memory,
                "the system gives no more threads; lower training.threads, or raise the limit (ulimit -u, ulimit -v)", where };
        }
        return { ErrorCode::Internal, e.what(), where };
    } catch (const std::exception& e) {
        return { ErrorCode::Internal, e.what(), where };
    } catch (...) {
        return { ErrorCode::Internal, "something unknown was thrown", where };
    }
}

} // namespace dubito
