// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"

#include <string>

namespace nudged::sources {

/// What Source::fetch_records throws where records of an entity cannot be had by their ids, ever:
/// not a refusal of the CRM's. Their streams are all that tells of them.
class NotByIds : public Failure {
public:
    explicit NotByIds(const std::string& what) : Failure(FailureKind::refused, what) {}
};

}  // namespace nudged::sources
