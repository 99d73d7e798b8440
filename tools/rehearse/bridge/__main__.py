"""MiniStack 1.5.33 with what it lacks for this project. The bridge is ours: what it does proves nothing about AWS.

Run as `python tools/rehearse/bridge`. Each module patches one service, and says what AWS documents.
"""

import access
import cloudformation
import lambda_update
import secrets_manager
from ministack.app import main

secrets_manager.patch()
cloudformation.patch()
access.patch()
lambda_update.patch()
main()
