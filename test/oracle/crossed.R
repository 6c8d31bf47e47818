# The tables of golden/crossed.json fitted by lme4 (REML, crossed items and query sets), with the degrees of freedom of
# Satterthwaite (lmerTest) and of Kenward and Roger (pbkrtest), and half the width of the 95 % interval by the latter.
#
#   apt-get install r-cran-lme4 r-cran-lmertest r-cran-pbkrtest r-cran-jsonlite
#   Rscript test/oracle/crossed.R > test/oracle/golden/crossed-lme4.json

suppressMessages({
  library(lmerTest)
  library(jsonlite)
})
sets <- fromJSON("test/oracle/golden/crossed.json", simplifyVector = FALSE)
found <- lapply(sets, function(set) {
  table <- do.call(rbind, lapply(set$differences, unlist))
  rows <- data.frame(
    y = as.vector(table),
    item = factor(rep(seq_len(nrow(table)), ncol(table))),
    round = factor(rep(seq_len(ncol(table)), each = nrow(table)))
  )
  fit <- suppressMessages(lmer(y ~ 1 + (1 | item) + (1 | round), rows))
  satterthwaite <- coef(summary(fit))[1, ]
  kenward <- coef(suppressMessages(summary(fit, ddf = "Kenward-Roger")))[1, ]
  half <- function(from) from[["Std. Error"]] * qt(0.975, from[["df"]])
  list(
    estimate = unbox(round(satterthwaite[["Estimate"]], 6)),
    standardError = unbox(round(satterthwaite[["Std. Error"]], 6)),
    satterthwaite = unbox(round(half(satterthwaite), 6)),
    kenwardRoger = unbox(round(half(kenward), 6))
  )
})
cat(toJSON(found, digits = NA, pretty = TRUE), "\n")
