// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/secret.hpp"

#include <string.h>

namespace nudged {

Secret::~Secret() {
    explicit_bzero(value_.data(), value_.size());
}

}  // namespace nudged
