// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/doctor.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace nudged::cli::doctor {
namespace {

/// Where threads leave what they have seen, for as long as anybody holds it.
struct Ward {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::optional<Diagnoses>> seen;
    std::size_t ended = 0;
};

Diagnoses look(const Probe& probe) {
    try {
        return probe.look();
    } catch (const std::exception& error) {
        return {{probe.name, Diagnosis::Verdict::person, error.what(), "do what the text says"}};
    }
}

}  // namespace

std::string_view to_string(Diagnosis::Verdict verdict) {
    switch (verdict) {
    case Diagnosis::Verdict::good: return "good";
    case Diagnosis::Verdict::note: return "note";
    case Diagnosis::Verdict::person: break;
    }
    return "person";
}

Examined examine(std::vector<Probe> probes, std::chrono::milliseconds patience) {
    const auto ward = std::make_shared<Ward>();
    ward->seen.resize(probes.size());
    std::vector<std::string> names;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < probes.size(); ++i) {
        names.push_back(probes[i].name);
        threads.emplace_back([ward, i, probe = std::move(probes[i])] {
            auto seen = look(probe);
            const std::lock_guard lock(ward->mutex);
            ward->seen[i] = std::move(seen);
            ++ward->ended;
            ward->changed.notify_all();
        });
    }
    std::unique_lock lock(ward->mutex);
    const bool all =
        ward->changed.wait_for(lock, patience, [&] { return ward->ended == names.size(); });
    lock.unlock();
    for (auto& thread : threads) {
        if (all)
            thread.join();
        else
            thread.detach();  // a look at a dead network file system cannot be ended
    }
    lock.lock();
    Examined examined{{}, all};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!ward->seen[i])
            examined.diagnoses.push_back(
                {names[i], Diagnosis::Verdict::person,
                 fmt::format("no answer within {} s", patience.count() / 1000),
                 "look at the disk or the network that this is on: it hangs"});
        else
            for (const auto& one : *ward->seen[i]) examined.diagnoses.push_back(one);
    }
    return examined;
}

}  // namespace nudged::cli::doctor
