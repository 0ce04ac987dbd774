// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/entity.hpp"

#include <set>
#include <string>
#include <string_view>

namespace nudged::warehouse {

/// Who was forgotten and is not to be stored again: hashes, under a key of the file's own, of
/// addresses and of the ids of users and contacts. A file beside the warehouse and not in it, so
/// that it is in no backup and survives every restore. One thread at a time.
class Suppression {
public:
    /// Reads the file; nobody is suppressed when there is none. Throws Failure(needs_person) for a
    /// file that is not ours, and for one that others may read.
    explicit Suppression(std::string path);

    bool empty() const { return hashes_.empty(); }
    std::size_t size() const { return hashes_.size(); }
    /// In any spelling that means the same address.
    bool has_address(std::string_view address) const;
    bool has(std::string_view source, model::Entity entity, std::string_view id) const;

    void add_address(std::string_view address);
    void add(std::string_view source, model::Entity entity, std::string_view id);
    /// Returns once the file is durable; does nothing when it says all that already.
    void save();

private:
    std::string hash(std::string_view kind, std::string_view first, std::string_view second) const;

    std::string path_;
    std::string key_;  // 32 bytes, made with the first entry
    std::set<std::string, std::less<>> hashes_;
    bool is_saved_ = true;
};

/// Where the list of the warehouse at `path` lies.
std::string suppression_path(const std::string& path);

}  // namespace nudged::warehouse
