# The leg is built from assets/anatomy by leg-builder into the build tree; the readable tables are copied beside it,
# so that the build tree's assets folder is complete. The program finds it through pump::core::assetDirectory().
set(PUMP_ASSET_DIR ${CMAKE_BINARY_DIR}/share/second-heart/assets)
