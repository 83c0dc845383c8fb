// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/ProcessUse.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace dubito::bench {

namespace {

double seconds(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6; }

} // namespace

UseOfProcessors::UseOfProcessors()
{
    std::ifstream in("/proc/stat");
    std::string word;
    in >> word; // "cpu": user nice system idle iowait irq softirq steal
    const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    for (int field = 0; field < 8; ++field) {
        double value = 0;
        in >> value;
        totalSeconds += value / ticks;
        busySeconds += field == 3 || field == 4 ? 0 : value / ticks;
    }
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    ownSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    pageFaults = usage.ru_minflt;
}

double othersShare(const UseOfProcessors& before, const UseOfProcessors& after)
{
    const double total = after.totalSeconds - before.totalSeconds;
    const double busy = after.busySeconds - before.busySeconds;
    const double own = after.ownSeconds - before.ownSeconds;
    return total <= 0 ? 0 : std::clamp((busy - own) / total, 0.0, 1.0);
}

double peakResidentMb()
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

} // namespace dubito::bench
