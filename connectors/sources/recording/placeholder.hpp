// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nudged::sources::recording {

/// Another text of the same shape: letters for letters, digits for digits, all else as it is; of an
/// e-mail address another address, and of a link another link, both at a host below ".example". The
/// same text gives the same one under the same `salt`, and cannot be had back without it.
std::string placeholder_for(std::string_view text, std::string_view salt);

}  // namespace nudged::sources::recording
