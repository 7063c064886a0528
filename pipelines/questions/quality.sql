-- vi: Kiểm tra dữ liệu sau lần nạp gần nhất
-- en: What the checks after the last load found
SELECT severity, table_name, told, checked, failed FROM quality_check ORDER BY failed DESC, severity, check_id
