// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/disk.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nudged::tests {
namespace {

constexpr std::int64_t sector = 512;

bool is_log(const std::string& name) {
    return name.ends_with("-wal");
}

/// SQLite flushes the folder of such a file when it first flushes the file. Others are there before
/// SQLite opens them: warehouse::make_private_file() flushes the folder.
bool is_named_when_synced(const std::string& name) {
    return is_log(name) || name.ends_with("-journal");
}

void put(std::string& to, std::string_view bytes, std::int64_t offset) {
    const auto end = static_cast<std::size_t>(offset) + bytes.size();
    if (to.size() < end) to.resize(end);
    std::copy(bytes.begin(), bytes.end(), to.begin() + offset);
}

/// Each sector of a write by itself; rarely only its first bytes.
void put_by_chance(std::string& to, const DiskCall& write, double chance, std::mt19937_64& random) {
    std::uniform_real_distribution<> share(0, 1);
    const std::string_view bytes{write.bytes};
    for (std::int64_t done = 0; done < std::ssize(bytes);) {
        const auto at = write.offset + done;
        auto length = std::min(sector - at % sector, std::ssize(bytes) - done);
        const auto next = done + length;
        if (share(random) < chance) {
            if (share(random) < 0.05)
                length = static_cast<std::int64_t>(share(random) * static_cast<double>(length));
            put(to, bytes.substr(static_cast<std::size_t>(done), static_cast<std::size_t>(length)),
                at);
        }
        done = next;
    }
}

}  // namespace

PowerCuts::PowerCuts(const Disk& disk, Trust trust) : journal_(disk.journal()), trust_(trust) {
    for (const auto& [name, bytes] : disk.begin()) {
        durable_names_[name] = static_cast<int>(files_.size());
        files_.push_back({bytes, {}, name, true});
    }
    names_ = durable_names_;
}

bool PowerCuts::is_trusted(const File& file) const {
    return is_log(file.name) ? trust_.log : trust_.database;
}

void PowerCuts::sync(File& file) {
    for (const auto* call : file.pending)
        if (call->kind == DiskCall::Kind::write)
            put(file.durable, call->bytes, call->offset);
        else
            file.durable.resize(static_cast<std::size_t>(call->offset));
    file.pending.clear();
}

bool PowerCuts::step() {
    if (position_ == journal_.size()) return false;
    const auto& call = journal_[position_++];
    const auto at = static_cast<std::size_t>(call.file);
    switch (call.kind) {
    case DiskCall::Kind::create:
        if (files_.size() <= at) files_.resize(at + 1);
        files_[at].name = call.name;
        names_[call.name] = call.file;
        if (!is_named_when_synced(call.name)) durable_names_[call.name] = call.file;
        break;
    case DiskCall::Kind::remove: names_.erase(call.name); break;
    case DiskCall::Kind::rename:
        names_.erase(call.bytes);
        names_[call.name] = call.file;
        files_[at].name = call.name;
        break;
    case DiskCall::Kind::write:
    case DiskCall::Kind::truncate: files_[at].pending.push_back(&call); break;
    case DiskCall::Kind::failed_sync: files_[at].pending.clear(); break;
    case DiskCall::Kind::sync:
        if (!is_trusted(files_[at])) break;
        sync(files_[at]);
        if (is_named_when_synced(files_[at].name) && !std::exchange(files_[at].is_synced, true))
            durable_names_ = names_;
        break;
    case DiskCall::Kind::sync_folder: durable_names_ = names_; break;
    case DiskCall::Kind::note: noted_ = call.offset; break;
    }
    return true;
}

std::string PowerCuts::survived(const File& file, Survival survival,
                                std::mt19937_64& random) const {
    std::string bytes = file.durable;
    if (survival == Survival::nothing) return bytes;
    std::uniform_real_distribution<> share(0, 1);
    const double chance =
        survival == Survival::everything ? 1 : std::array{0.1, 0.5, 0.9}[random() % 3];
    for (const auto* call : file.pending) {
        const bool is_cut = call->kind == DiskCall::Kind::truncate;
        if (is_cut && share(random) < chance) bytes.resize(static_cast<std::size_t>(call->offset));
        if (is_cut) continue;
        if (survival == Survival::everything)
            put(bytes, call->bytes, call->offset);
        else
            put_by_chance(bytes, *call, chance, random);
    }
    return bytes;
}

DiskImage PowerCuts::image(Survival survival, std::mt19937_64& random) const {
    DiskImage image;
    const auto keep = [&](const std::string& name, int file) {
        image[name] = survived(files_[static_cast<std::size_t>(file)], survival, random);
    };
    for (const auto& [name, file] : durable_names_) {
        const auto now = names_.find(name);
        const bool is_changed = now == names_.end() || now->second != file;
        const bool survives =
            survival == Survival::nothing || (survival == Survival::chance && random() % 2 == 0);
        if (!is_changed || survives) keep(name, file);
    }
    for (const auto& [name, file] : names_) {
        if (image.count(name) > 0) continue;
        if (survival == Survival::everything || (survival == Survival::chance && random() % 2 == 0))
            keep(name, file);
    }
    return image;
}

}  // namespace nudged::tests
