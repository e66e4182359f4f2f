/**
 * Who gets which answer: every operation × every role × where the caller's agency stands to the object's.
 *
 * The object lies at the agency named in its row: an alert at the county 411322 (Fangcheng), at a township below it or on
 * the desk of the city 4113 (Nanyang); a user, key or agency likewise. The caller stands there itself (`own`), directly above
 * (`parent`), directly below (`child`), beside it (`sibling`), or in another city at the same tier (`other`). `-`: there is no such place.
 *
 * ok: done · sees / blind: a list that has, or has not, the object in it · 403 / 404 / 422: refused.
 * Whoever has no token, an expired one or a revoked key gets 401 from every operation that is not `open`.
 * A role that a row does not name is refused with 403 wherever it stands.
 */
export const ACCESS_TABLE = `
operation            object               role        own     parent  child   sibling other

login                open
refreshToken         open

logout               nothing              officer     ok      ok      ok      ok      ok
logout               nothing              supervisor  ok      ok      ok      ok      ok
logout               nothing              auditor     ok      ok      ok      ok      ok
logout               nothing              admin       ok      ok      ok      ok      ok
logout               nothing              security    ok      ok      ok      ok      ok
getMe                nothing              feed        ok      ok      ok      ok      ok
getMe                nothing              officer     ok      ok      ok      ok      ok
getMe                nothing              supervisor  ok      ok      ok      ok      ok
getMe                nothing              auditor     ok      ok      ok      ok      ok
getMe                nothing              admin       ok      ok      ok      ok      ok
getMe                nothing              security    ok      ok      ok      ok      ok
changePassword       nothing              officer     422     422     422     422     422
changePassword       nothing              supervisor  422     422     422     422     422
changePassword       nothing              auditor     422     422     422     422     422
changePassword       nothing              admin       422     422     422     422     422
changePassword       nothing              security    422     422     422     422     422
enrolTotp            nothing              officer     ok      ok      ok      ok      ok
enrolTotp            nothing              supervisor  ok      ok      ok      ok      ok
enrolTotp            nothing              auditor     ok      ok      ok      ok      ok
enrolTotp            nothing              admin       ok      ok      ok      ok      ok
enrolTotp            nothing              security    ok      ok      ok      ok      ok
confirmTotp          nothing              officer     422     422     422     422     422
confirmTotp          nothing              supervisor  422     422     422     422     422
confirmTotp          nothing              auditor     422     422     422     422     422
confirmTotp          nothing              admin       422     422     422     422     422
confirmTotp          nothing              security    422     422     422     422     422
disableTotp          nothing              officer     422     422     422     422     422
disableTotp          nothing              supervisor  422     422     422     422     422
disableTotp          nothing              auditor     422     422     422     422     422
disableTotp          nothing              admin       422     422     422     422     422
disableTotp          nothing              security    422     422     422     422     422
getMyContact         nothing              officer     ok      ok      ok      ok      ok
getMyContact         nothing              supervisor  ok      ok      ok      ok      ok
putMyContact         nothing              officer     ok      ok      ok      ok      ok
putMyContact         nothing              supervisor  ok      ok      ok      ok      ok

listUsers            user@county          security    sees    sees    blind   blind   blind
getUser              user@county          security    ok      ok      404     404     404
createUser           user@county          security    ok      ok      422     422     422
updateUser           user@county          security    ok      ok      404     404     404
lockUser             user@county          security    ok      ok      404     404     404
unlockUser           user@county          security    ok      ok      404     404     404
resetUser            user@county          security    ok      ok      404     404     404
listApiKeys          key@county           admin       sees    sees    blind   blind   blind
createApiKey         key@county           admin       ok      ok      422     422     422
rotateApiKey         key@county           admin       ok      ok      404     404     404
revokeApiKey         key@county           admin       ok      ok      404     404     404
listAudit            audit@county         auditor     sees    sees    blind   blind   blind

listWebhooks         webhook@county       admin       sees    sees    blind   blind   blind
createWebhook        nothing              admin       ok      ok      ok      ok      ok
getWebhook           webhook@county       admin       ok      ok      404     404     404
updateWebhook        webhook@county       admin       ok      ok      404     404     404
deleteWebhook        webhook@county       admin       ok      ok      404     404     404
rotateWebhookSecret  webhook@county       admin       ok      ok      404     404     404
listWebhookDeliveries webhook@county      admin       ok      ok      404     404     404
resendWebhookDelivery delivery@county     admin       ok      ok      404     404     404

listAgencies         agency@county        feed        sees    sees    sees    blind   blind
listAgencies         agency@county        officer     sees    sees    sees    blind   blind
listAgencies         agency@county        supervisor  sees    sees    sees    blind   blind
listAgencies         agency@county        auditor     sees    sees    sees    blind   blind
listAgencies         agency@county        admin       sees    sees    sees    blind   blind
listAgencies         agency@county        security    sees    sees    sees    blind   blind
getAgency            agency@county        feed        ok      ok      ok      404     404
getAgency            agency@county        officer     ok      ok      ok      404     404
getAgency            agency@county        supervisor  ok      ok      ok      404     404
getAgency            agency@county        auditor     ok      ok      ok      404     404
getAgency            agency@county        admin       ok      ok      ok      404     404
getAgency            agency@county        security    ok      ok      ok      404     404
createAgency         station@county       admin       ok      ok      422     422     422
updateAgency         agency@county        admin       ok      ok      403     404     404
getAgencyContact     agency@county        admin       ok      ok      404     404     404
putAgencyContact     agency@county        admin       ok      ok      404     404     404
listFraudTypes       nothing              feed        ok      ok      ok      ok      ok
listFraudTypes       nothing              officer     ok      ok      ok      ok      ok
listFraudTypes       nothing              supervisor  ok      ok      ok      ok      ok
listFraudTypes       nothing              auditor     ok      ok      ok      ok      ok
listFraudTypes       nothing              admin       ok      ok      ok      ok      ok
listFraudTypes       nothing              security    ok      ok      ok      ok      ok
getPolicy            policy@city          officer     ok      -       ok      ok      ok
getPolicy            policy@city          supervisor  ok      -       ok      ok      ok
getPolicy            policy@city          auditor     ok      -       ok      ok      ok
getPolicy            policy@city          admin       ok      -       ok      ok      ok
getPolicy            policy@city          security    ok      -       ok      ok      ok
listPolicyVersions   policy@city          officer     ok      -       ok      ok      ok
listPolicyVersions   policy@city          supervisor  ok      -       ok      ok      ok
listPolicyVersions   policy@city          auditor     ok      -       ok      ok      ok
listPolicyVersions   policy@city          admin       ok      -       ok      ok      ok
listPolicyVersions   policy@city          security    ok      -       ok      ok      ok
putPolicy            policy@city          admin       ok      -       403     ok      ok

createAlert          signal@city          feed        ok      -       ok      422     422
createAlert          signal@city          officer     ok      -       403     422     422
createAlerts         signal@city          feed        sees    -       sees    blind   blind
createAlerts         signal@city          officer     sees    -       403     blind   blind
importAlerts         file@city            feed        ok      -       ok      ok      ok
importAlerts         file@city            officer     ok      -       403     ok      ok
getImport            import@city          feed        ok      -       404     404     404
getImport            import@city          officer     ok      -       404     404     404
getImportRejects     import@city          feed        ok      -       404     404     404
getImportRejects     import@city          officer     ok      -       404     404     404

createIncident       signal@county        feed        ok      ok      ok      ok      422
createIncident       signal@county        officer     ok      ok      ok      ok      422
createIncidents      signal@county        feed        sees    sees    sees    sees    blind
createIncidents      signal@county        officer     sees    sees    sees    sees    blind
importIncidents      file@county          feed        ok      ok      ok      ok      ok
importIncidents      file@county          officer     ok      ok      ok      ok      ok
listIncidents        handed-in@county     feed        sees    sees    sees    sees    blind
listIncidents        handed-in@county     officer     sees    sees    blind   blind   blind
listIncidents        handed-in@county     supervisor  sees    sees    blind   blind   blind
getIncident          handed-in@county     feed        ok      ok      ok      ok      404
getIncident          handed-in@county     officer     ok      ok      404     404     404
getIncident          handed-in@county     supervisor  ok      ok      404     404     404
getIncidentTimeline  handed-in@county     officer     ok      ok      404     404     404
getIncidentTimeline  handed-in@county     supervisor  ok      ok      404     404     404
fileIncident         handed-in@county     officer     ok      ok      404     404     404
transferIncident     handed-in@county     officer     ok      ok      403     404     404
revealIncident       handed-in@county     officer     ok      ok      404     404     404
revealIncident       handed-in@county     supervisor  ok      ok      404     404     404

listAlerts           assigned@county      feed        sees    sees    sees    sees    blind
listAlerts           assigned@county      officer     sees    sees    blind   blind   blind
listAlerts           assigned@county      supervisor  sees    sees    blind   blind   blind
getAlert             assigned@county      feed        ok      ok      ok      ok      404
getAlert             assigned@county      officer     ok      ok      404     404     404
getAlert             assigned@county      supervisor  ok      ok      404     404     404
streamEvents         assigned@county      feed        sees    sees    sees    sees    blind
streamEvents         assigned@county      officer     sees    sees    blind   blind   blind
streamEvents         assigned@county      supervisor  sees    sees    blind   blind   blind
getAlertTimeline     assigned@county      officer     ok      ok      404     404     404
getAlertTimeline     assigned@county      supervisor  ok      ok      404     404     404
getAlertAssignments  assigned@county      officer     ok      ok      404     404     404
getAlertAssignments  assigned@county      supervisor  ok      ok      404     404     404
getAlertSignals      assigned@county      officer     ok      ok      404     404     404
getAlertSignals      assigned@county      supervisor  ok      ok      404     404     404
revealAlert          assigned@county      officer     ok      403     404     404     404
revealAlert          assigned@county      supervisor  ok      403     404     404     404

pushAlert            new@city             officer     ok      -       403     404     404
transferAlert        new@city             officer     ok      -       404     404     404
acceptAlert          assigned@county      officer     ok      403     404     404     404
acceptAlert          assigned@township    officer     ok      409     -       404     404
forwardAlert         in_progress@county   officer     ok      403     403     404     404
returnAlert          assigned@county      officer     ok      403     404     404     404
returnAlert          assigned@township    officer     ok      409     -       404     404
transferAlert        in_progress@county   officer     409     ok      403     404     404
transferAlert        in_progress@township officer     403     ok      -       403     403
recallAlert          assigned@county      officer     409     ok      403     404     404
recallAlert          assigned@township    officer     403     ok      -       403     403
withdrawAlert        new@city             officer     ok      -       403     404     404
withdrawAlert        assigned@county      officer     403     ok      403     403     403
recordAttempt        in_progress@county   officer     ok      403     404     404     404
submitOutcome        in_progress@county   officer     ok      403     404     404     404
reviewOutcome        pending@county       supervisor  403     ok      403     404     404
reviewOutcome        pending@township     supervisor  403     ok      -       403     403
reopenAlert          closed@county        supervisor  403     ok      403     404     404
reopenAlert          closed@township      supervisor  403     ok      -       403     403
escalateAlert        assigned@county      officer     ok      ok      404     404     404
escalateAlert        assigned@county      supervisor  ok      ok      404     404     404
urgeAlert            assigned@county      supervisor  403     ok      403     404     404
urgeAlert            assigned@township    supervisor  403     ok      -       403     403
replyToUrge          urged@county         officer     ok      403     404     404     404
unmergeAlert         merged@county        officer     ok      ok      404     404     404
recordFollowUp       closed@county        officer     ok      ok      404     404     404
listFollowUps        due@county           officer     sees    sees    blind   blind   blind
listFollowUps        due@county           supervisor  sees    sees    blind   blind   blind
listUrges            urged@county         officer     sees    sees    blind   blind   blind
listUrges            urged@county         supervisor  sees    sees    blind   blind   blind
bulkAlerts           assigned@county      officer     sees    blind   blind   blind   blind
bulkAlerts           assigned@county      supervisor  403     403     403     403     403

protectAccount       in_progress@county   officer     ok      403     404     404     404
listProtections      in_progress@county   officer     ok      ok      404     404     404
listProtections      in_progress@county   supervisor  ok      ok      404     404     404
extendProtection     protection@county    officer     ok      ok      404     404     404
recordOwnerRequest   protection@county    officer     ok      ok      404     404     404
keepProtection       owner-asked@county   officer     ok      ok      404     404     404
releaseProtection    protection@county    officer     ok      ok      404     404     404

requestStopPayment   reported@county      officer     ok      ok      404     404     404
listStopPayments     stop-requested@county officer    sees    sees    blind   blind   blind
listStopPayments     stop-requested@county supervisor sees    sees    blind   blind   blind
getStopPayment       stop-requested@county officer    ok      ok      404     404     404
getStopPayment       stop-requested@county supervisor ok      ok      404     404     404
recordStopEffective  stop-requested@county officer    ok      ok      404     404     404
recordStopRefused    stop-requested@county officer    ok      ok      404     404     404
releaseStopPayment   stop-effective@county officer    ok      ok      404     404     404
correctStopPayment   stop-effective@county officer    ok      ok      404     404     404
getTrace             reported@county      officer     ok      ok      404     404     404
getTrace             reported@county      supervisor  ok      ok      404     404     404

requestFreeze        filed@county         officer     ok      ok      404     404     404
requestFreezeOfStop  stop-filed@county    officer     ok      ok      404     404     404
listFreezes          freeze-requested@county officer  sees    sees    blind   blind   blind
listFreezes          freeze-requested@county supervisor sees  sees    blind   blind   blind
getFreeze            freeze-requested@county officer  ok      ok      404     404     404
getFreeze            freeze-requested@county supervisor ok    ok      404     404     404
approveFreeze        freeze-requested@county supervisor ok    ok      403     404     404
rejectFreeze         freeze-requested@county supervisor ok    ok      403     404     404
recordFreezeEffective freeze-approved@county officer  ok      ok      404     404     404
recordFreezeRefused  freeze-approved@county officer   ok      ok      404     404     404
correctFreeze        freeze-effective@county officer  ok      ok      404     404     404
recordFreezeUnrelated freeze-effective@county officer ok      ok      404     404     404
releaseFreeze        freeze-effective@county officer  ok      ok      404     404     404
requestRenewal       freeze-effective@county officer  ok      ok      404     404     404
approveRenewal       renewal@county       supervisor  ok      ok      403     404     404
rejectRenewal        renewal@county       supervisor  ok      ok      403     404     404

applyForReturn       returnable@county    officer     ok      ok      404     404     404
listReturns          return-applied@county officer    sees    sees    blind   blind   blind
listReturns          return-applied@county supervisor sees    sees    blind   blind   blind
getReturn            return-applied@county officer    ok      ok      404     404     404
getReturn            return-applied@county supervisor ok      ok      404     404     404
proposeReturn        return-applied@county officer    ok      ok      404     404     404
approveReturn        return-proposed@county supervisor 403    ok      403     403     403
sendBackReturn       return-proposed@county officer   ok      ok      404     404     404
sendBackReturn       return-proposed@county supervisor 403    ok      403     403     403
refuseReturn         return-proposed@county supervisor 403    ok      403     403     403
amendReturn          return-sent-back@county officer  ok      ok      404     404     404
publishReturn        return-approved@county officer   ok      ok      404     404     404
objectToReturn       return-published@county officer  ok      ok      404     404     404
decideReturnObjection return-objected@county officer  ok      ok      404     404     404
decideReturnObjection return-objected@county supervisor ok    ok      404     404     404
notifyBankOfReturn   return-payable@county officer    ok      ok      404     404     404
recordReturnPayment  return-at-bank@county officer    ok      ok      404     404     404
reverseReturnPayment return-paid@county   officer     ok      ok      404     404     404
getReturnNotice      return-approved@county officer   ok      ok      404     404     404
getReturnNotice      return-approved@county supervisor ok     ok      404     404     404
getReturnDecision    return-approved@county officer   ok      ok      404     404     404
getReturnDecision    return-approved@county supervisor ok     ok      404     404     404
getReturnFlow        return-applied@county officer    ok      ok      404     404     404
getReturnFlow        return-applied@county supervisor ok      ok      404     404     404
listHolidays         nothing              officer     ok      ok      ok      ok      ok
listHolidays         nothing              supervisor  ok      ok      ok      ok      ok
listHolidays         nothing              auditor     ok      ok      ok      ok      ok
listHolidays         nothing              admin       ok      ok      ok      ok      ok
listHolidays         nothing              security    ok      ok      ok      ok      ok

listLedger           booked@county        officer     sees    sees    blind   blind   blind
listLedger           booked@county        supervisor  sees    sees    blind   blind   blind
getBalance           nothing              officer     404     404     404     404     404
getBalance           nothing              supervisor  404     404     404     404     404

getTierReport        report@county        supervisor  sees    sees    403     blind   blind
getTierReportCases   report@county        supervisor  ok      ok      403     404     404
getFundsReport       report@county        supervisor  ok      ok      404     404     404
getFraudTypeReport   report@county        supervisor  ok      ok      404     404     404
getGroupReport       report@county        supervisor  ok      ok      404     404     404
getSourceReport      report@county        supervisor  ok      ok      404     404     404
getChannelReport     report@county        supervisor  ok      ok      404     404     404
getFunnel            report@county        supervisor  ok      ok      404     404     404
getTrend             report@county        supervisor  ok      ok      404     404     404
getBriefing          report@county        supervisor  ok      ok      404     404     404
getOfficerReport     report@county        supervisor  ok      ok      404     404     404
getHotSpots          report@county        supervisor  ok      ok      404     404     404
getReportCases       report@county        supervisor  ok      ok      404     404     404
getFundsReportCases  report@county        supervisor  ok      ok      404     404     404
getOfficerReportCases report@county       supervisor  ok      ok      404     404     404

getRanking           ranking@city         supervisor  sees    -       403     blind   blind
proposeCards         ranking@city         supervisor  ok      -       403     ok      ok
listCards            card@county          supervisor  sees    sees    blind   blind   blind
getCard              card@county          supervisor  ok      ok      404     404     404
confirmCard          card@county          supervisor  403     ok      403     404     404
confirmCard          card@township        supervisor  403     ok      -       403     403
dismissCard          card@county          supervisor  403     ok      403     404     404
answerCard           card-confirmed@county supervisor  ok      403     404     404     404
closeCard            card-answered@county supervisor  403     ok      403     404     404
publishReport        month@city           supervisor  ok      -       403     ok      ok
listPublished        edition@city         supervisor  sees    -       sees    blind   blind
getPublished         edition@city         supervisor  ok      -       ok      404     404
listNotices          notice@city          officer     sees    -       sees    blind   blind
listNotices          notice@city          supervisor  sees    -       sees    blind   blind
issueNotice          nothing@city         supervisor  ok      -       403     ok      ok
liftNotice           notice@city          supervisor  ok      -       403     404     404

createExport         nothing              officer     ok      ok      ok      ok      ok
createExport         nothing              supervisor  ok      ok      ok      ok      ok
listExports          export@county        officer     blind   blind   blind   blind   blind
listExports          export@county        supervisor  blind   blind   blind   blind   blind
getExport            export@county        officer     404     404     404     404     404
getExport            export@county        supervisor  404     404     404     404     404
getExportFile        export@county        officer     404     404     404     404     404
getExportFile        export@county        supervisor  404     404     404     404     404
deleteExport         export@county        officer     404     404     404     404     404
deleteExport         export@county        supervisor  404     404     404     404     404
`;
