// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/disk.hpp"

#include <algorithm>

namespace nudged::tests {

using Kind = DiskFault::Kind;

Disk::Disk(DiskImage image) : begin_(std::move(image)) {
    for (const auto& [name, bytes] : begin_) {
        names_[name] = static_cast<int>(files_.size());
        files_.push_back({bytes});
    }
}

std::optional<int> Disk::open(const std::string& name, bool create) {
    const std::lock_guard guard{mutex_};
    const auto found = names_.find(name);
    const bool is_there = found != names_.end();
    if (!is_there && !create) return std::nullopt;
    if (hit(is(Kind::error) || (!is_there && is(Kind::full, Kind::read_only)))) return std::nullopt;
    if (is_there) return found->second;
    const int file = static_cast<int>(files_.size());
    files_.emplace_back();
    names_[name] = file;
    journal_.push_back({.kind = DiskCall::Kind::create, .file = file, .bytes = {}, .name = name});
    return file;
}

int Disk::open_unnamed() {
    const std::lock_guard guard{mutex_};
    files_.push_back({.bytes = {}, .is_named = false});
    return static_cast<int>(files_.size()) - 1;
}

bool Disk::exists(const std::string& name) const {
    const std::lock_guard guard{mutex_};
    return names_.count(name) > 0;
}

bool Disk::remove(const std::string& name, bool sync_folder) {
    const std::lock_guard guard{mutex_};
    if (hit(is(Kind::error, Kind::read_only))) return false;
    names_.erase(name);
    journal_.push_back({.kind = DiskCall::Kind::remove, .bytes = {}, .name = name});
    if (sync_folder)
        journal_.push_back({.kind = DiskCall::Kind::sync_folder, .bytes = {}, .name = {}});
    return true;
}

std::int64_t Disk::size(int file) const {
    const std::lock_guard guard{mutex_};
    return std::ssize(files_[static_cast<std::size_t>(file)].bytes);
}

bool Disk::read(int file, char* to, std::int64_t length, std::int64_t offset, std::int64_t& got) {
    const std::lock_guard guard{mutex_};
    const auto& bytes = files_[static_cast<std::size_t>(file)].bytes;
    got = std::clamp<std::int64_t>(std::ssize(bytes) - offset, 0, length);
    if (hit(is(Kind::short_read) && got > 0)) got /= 2;
    if (hit(is(Kind::error))) return false;
    std::copy_n(bytes.data() + std::min<std::int64_t>(offset, std::ssize(bytes)), got, to);
    return true;
}

bool Disk::write(int file, std::string_view bytes, std::int64_t offset) {
    const std::lock_guard guard{mutex_};
    if (hit(is(Kind::error, Kind::full, Kind::read_only))) return false;
    auto& to = files_[static_cast<std::size_t>(file)];
    const auto end = static_cast<std::size_t>(offset) + bytes.size();
    if (to.bytes.size() < end) to.bytes.resize(end);
    std::copy(bytes.begin(), bytes.end(), to.bytes.begin() + offset);
    if (to.is_named)
        journal_.push_back({DiskCall::Kind::write, file, offset, std::string{bytes}, {}});
    return true;
}

bool Disk::truncate(int file, std::int64_t size) {
    const std::lock_guard guard{mutex_};
    if (hit(is(Kind::error, Kind::read_only))) return false;
    auto& to = files_[static_cast<std::size_t>(file)];
    to.bytes.resize(static_cast<std::size_t>(size));
    if (to.is_named) journal_.push_back({DiskCall::Kind::truncate, file, size, {}, {}});
    return true;
}

bool Disk::sync(int file) {
    const std::lock_guard guard{mutex_};
    const bool fails = hit(is(Kind::error, Kind::full, Kind::read_only));
    const auto kind = fails ? DiskCall::Kind::failed_sync : DiskCall::Kind::sync;
    if (files_[static_cast<std::size_t>(file)].is_named)
        journal_.push_back({.kind = kind, .file = file, .bytes = {}, .name = {}});
    return !fails;
}

bool Disk::sync(const std::string& name) {
    int file = -1;
    {
        const std::lock_guard guard{mutex_};
        file = names_.at(name);
    }
    return sync(file);
}

bool Disk::rename(const std::string& from, const std::string& to) {
    const std::lock_guard guard{mutex_};
    if (hit(is(Kind::error, Kind::read_only))) return false;
    const int file = names_.at(from);
    names_.erase(from);
    names_[to] = file;
    journal_.push_back({.kind = DiskCall::Kind::rename, .file = file, .bytes = from, .name = to});
    journal_.push_back({.kind = DiskCall::Kind::sync_folder, .bytes = {}, .name = {}});
    return true;
}

void Disk::note(std::int64_t what) {
    const std::lock_guard guard{mutex_};
    journal_.push_back({.kind = DiskCall::Kind::note, .offset = what, .bytes = {}, .name = {}});
}

void Disk::set_fault(DiskFault fault) {
    const std::lock_guard guard{mutex_};
    fault_ = fault;
    calls_ = hits_ = 0;
}

std::uint64_t Disk::calls() const {
    const std::lock_guard guard{mutex_};
    return calls_;
}

std::uint64_t Disk::hits() const {
    const std::lock_guard guard{mutex_};
    return hits_;
}

DiskFault::Kind Disk::fault_kind() const {
    const std::lock_guard guard{mutex_};
    return fault_.kind;
}

bool Disk::hit(bool fits) {
    if (!fits) return false;
    ++calls_;
    const bool is_hit = calls_ >= fault_.first && calls_ - fault_.first < fault_.count;
    hits_ += is_hit ? 1 : 0;
    return is_hit;
}

DiskImage Disk::content() const {
    const std::lock_guard guard{mutex_};
    DiskImage image;
    for (const auto& [name, file] : names_)
        image[name] = files_[static_cast<std::size_t>(file)].bytes;
    return image;
}

}  // namespace nudged::tests
