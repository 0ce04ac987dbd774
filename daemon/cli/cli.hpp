// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nudged::cli {

/// The whole command line; the exit status of the process.
int run(int argc, char** argv);

}  // namespace nudged::cli
