// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/model/entity.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <map>
#include <vector>

namespace nudged::warehouse {

/// The records of one entity that were merged into others up to a moment, and into which.
class Merges {
public:
    Merges() = default;
    Merges(const Reader& reader, model::Entity entity, Instant as_of);

    /// The record that `key` is part of now, through all merges; itself where it was not merged.
    RecordKey survivor(const RecordKey& key) const;
    /// What has become part of `key`, at any remove.
    const std::vector<RecordKey>& parts_of(const RecordKey& key) const;

private:
    std::map<RecordKey, RecordKey> into_;
    std::map<RecordKey, std::vector<RecordKey>> parts_;
};

}  // namespace nudged::warehouse
